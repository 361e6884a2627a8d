package io.lakeops.duckdb.raw;

import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.jspecify.annotations.Nullable;

/**
 * A table function that reads raw text files: their records with the line that each begins at, and what is no record
 * with its reason. Several files are read at once, each by one thread.
 *
 * <p>Shape: {@code file} BIGINT (index), {@code line} BIGINT, {@code name} VARCHAR, {@code fault} VARCHAR, then the
 * source's columns as {@code v0, v1, …} VARCHAR.
 *
 * <p>Why not DuckDB's own reader: it gives no line numbers, and its rejects have neither line nor text once a line end
 * stands within quotes.
 *
 * <p>Threads: safe; DuckDB calls it from threads of its own.
 */
public final class RawScan {
    /** A chunk ends after so many bytes, so that long records don't add up. */
    private static final long CHUNK_BYTES = 4L << 20;

    private final Map<String, Scan> scans = new ConcurrentHashMap<>();
    /** A second function of the same name would silently replace the first, in every session of the database. */
    private final String function =
            "lakeops_raw_" + UUID.randomUUID().toString().replace('-', '_');

    private RawScan() {}

    /** Makes the function known to the connection's database. Don't call it within a transaction. */
    public static RawScan on(Connection connection) throws SQLException {
        RawScan scan = new RawScan();
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(scan.function)
                    .withParameter(DuckDBColumnType.VARCHAR)
                    .withFunction(scan.new Function())
                    .register(connection);
        }
        return scan;
    }

    /** Begins to read files; close it when the statement has ended. */
    public Scan scan(RawFiles files) {
        Scan scan = new Scan(UUID.randomUUID().toString(), files);
        scans.put(scan.key, scan);
        return scan;
    }

    /** Files while a statement reads them. */
    public final class Scan implements AutoCloseable {
        private final String key;
        private final RawFiles files;
        private final AtomicInteger next = new AtomicInteger();
        private final ConcurrentLinkedQueue<RecordReader> open = new ConcurrentLinkedQueue<>();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

        private Scan(String key, RawFiles files) {
            this.key = key;
            this.files = files;
        }

        /** What to select from. */
        public String relation() {
            return function + "('" + key + "')";
        }

        /** What stopped the reading; DuckDB's exception only has its text. */
        public Optional<RuntimeException> failure() {
            return Optional.ofNullable(failure.get());
        }

        private @Nullable RecordReader nextFile(Cursor cursor) throws IOException {
            RecordReader done = cursor.reader;
            if (done != null) {
                done.close();
                open.remove(done);
                cursor.reader = null;
            }
            int index = next.getAndIncrement();
            if (index >= files.files().size()) {
                return null;
            }
            RecordReader reader = files.open(index);
            open.add(reader);
            cursor.reader = reader;
            cursor.file = index;
            cursor.name = files.files().get(index).name().getBytes(StandardCharsets.UTF_8);
            return reader;
        }

        @Override
        public void close() throws IOException {
            scans.remove(key);
            for (RecordReader reader : open) {
                reader.close();
            }
        }
    }

    /** Where one thread of a scan stands. */
    private static final class Cursor {
        private @Nullable RecordReader reader;
        private int file;
        private byte[] name = {};
    }

    private final class Function implements DuckDBTableFunction<Scan, Scan, Cursor> {
        @Override
        public Scan bind(DuckDBTableFunctionBindInfo info) {
            Scan scan = scans.get(info.getParameter(0).getString());
            if (scan == null) {
                throw new IllegalStateException("the raw files were closed");
            }
            info.addResultColumn("file", DuckDBColumnType.BIGINT)
                    .addResultColumn("line", DuckDBColumnType.BIGINT)
                    .addResultColumn("name", DuckDBColumnType.VARCHAR)
                    .addResultColumn("fault", DuckDBColumnType.VARCHAR);
            for (int i = 0; i < scan.files.columns().size(); i++) {
                info.addResultColumn("v" + i, DuckDBColumnType.VARCHAR);
            }
            return scan;
        }

        @Override
        public Scan init(DuckDBTableFunctionInitInfo info) {
            Scan scan = info.getBindData();
            info.setMaxThreads(Math.max(1, scan.files.files().size()));
            return scan;
        }

        @Override
        public Cursor localInit(DuckDBTableFunctionInitInfo info) {
            return new Cursor();
        }

        @Override
        public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) throws Exception {
            Scan scan = info.getBindData();
            Cursor cursor = info.getLocalInitData();
            try {
                return fill(scan, cursor, out);
            } catch (LakeException e) {
                scan.failure.compareAndSet(null, e);
                throw e;
            }
        }

        private long fill(Scan scan, Cursor cursor, DuckDBDataChunkWriter out) throws IOException {
            int columns = scan.files.columns().size();
            int capacity = (int) out.capacity();
            byte[][] @Nullable [] texts = new byte[columns + 2][capacity] @Nullable [];
            int rows = 0;
            long bytes = 0;
            while (rows < capacity && bytes < CHUNK_BYTES) {
                RecordReader reader = cursor.reader;
                if (reader == null || !reader.next()) {
                    if (scan.nextFile(cursor) == null) {
                        break;
                    }
                    continue;
                }
                out.vector(0).setLong(rows, cursor.file);
                out.vector(1).setLong(rows, reader.line());
                texts[0][rows] = cursor.name;
                String fault = reader.fault();
                if (fault == null) {
                    for (int i = 0; i < columns; i++) {
                        byte[] value = reader.value(i);
                        texts[i + 2][rows] = value;
                        bytes += value == null ? 0 : value.length;
                    }
                } else {
                    texts[1][rows] = fault.getBytes(StandardCharsets.UTF_8);
                }
                rows++;
            }
            for (int i = 0; i < texts.length; i++) {
                out.vector(i + 2).setStringUtf8Batch(0, rows == capacity ? texts[i] : Arrays.copyOf(texts[i], rows));
            }
            return rows;
        }
    }
}
