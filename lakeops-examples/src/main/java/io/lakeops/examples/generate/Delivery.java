package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a run's raw files are written, each counted and dated.
 *
 * <p>Threads: for one thread.
 */
final class Delivery {
    private final Path root;
    private final Set<RetailSource> inAvro;
    private final Progress progress;
    private final List<RawFile> files = new ArrayList<>();
    private final Map<Anomaly, Long> planted = new EnumMap<>(Anomaly.class);

    Delivery(Path root, Set<RetailSource> inAvro, Progress progress) {
        this.root = root;
        this.inAvro = Set.copyOf(inAvro);
        this.progress = progress;
    }

    /**
     * A file that was written.
     *
     * @param path below the run's folder, with slashes
     * @param rows how many, rejects among them
     * @param rejects how many rows a load must reject
     * @param late whether it arrived a day later than it should have
     */
    record RawFile(
            RetailSource source, String path, long rows, long rejects, Instant arrival, boolean late, long bytes) {}

    /** When a file comes, and whether that is a day later than it should. */
    record Arrival(Instant at, boolean late) {
        /** In time for the day. */
        static Arrival onTime(LocalDate day) {
            return new Arrival(Run.arrival(day), false);
        }
    }

    /** Hears of the rows as they are made. */
    interface Progress {
        void made(RetailSource source, long rows);
    }

    /** Begins a file, {@code name} without its extension, that arrives at {@code arrival}. */
    Writing begin(RetailSource source, String name, Schema columns, Arrival arrival) {
        String path = name + "." + (inAvro.contains(source) ? "avro" : source.extension());
        Path target = root.resolve(path);
        try {
            Files.createDirectories(target.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Writing(source, path, open(source, target, columns), arrival);
    }

    Writing begin(RetailSource source, String name, Arrival arrival) {
        return begin(source, name, source.columns(), arrival);
    }

    private RowWriter open(RetailSource source, Path target, Schema columns) {
        if (inAvro.contains(source)) {
            return new AvroRows(target, source.sourceName(), columns);
        }
        return switch (source.extension()) {
            case "jsonl" -> new JsonRows(target, columns);
            case "parquet" -> new ParquetRows(target, source.columnsSql());
            case "xlsx" -> new XlsxRows(target, source.sourceName(), columns);
            default -> new CsvRows(target, columns);
        };
    }

    /** The files in the order in which they were begun. */
    List<RawFile> files() {
        return Collections.unmodifiableList(files);
    }

    long planted(Anomaly anomaly) {
        return planted.getOrDefault(anomaly, 0L);
    }

    /** A file while it is written. */
    final class Writing implements AutoCloseable {
        private final RetailSource source;
        private final String path;
        private final RowWriter rows;
        private final Arrival arrival;
        private long written;
        private long rejects;

        private Writing(RetailSource source, String path, RowWriter rows, Arrival arrival) {
            this.source = source;
            this.path = path;
            this.rows = rows;
            this.arrival = arrival;
        }

        RowWriter rows() {
            return rows;
        }

        /** Ends a row as it should be. */
        void endRow() {
            rows.endRow();
            written++;
            if (written % 100_000 == 0) {
                progress.made(source, 100_000);
            }
        }

        /** Ends a row that has a fault. */
        void endRow(Anomaly fault) {
            endRow();
            planted.merge(fault, 1L, Long::sum);
            if (fault.fate() == Anomaly.Fate.REJECT) {
                rejects++;
            }
        }

        @Override
        public void close() {
            rows.close();
            progress.made(source, written % 100_000);
            try {
                Path target = root.resolve(path);
                Files.setLastModifiedTime(target, FileTime.from(arrival.at()));
                files.add(
                        new RawFile(source, path, written, rejects, arrival.at(), arrival.late(), Files.size(target)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
