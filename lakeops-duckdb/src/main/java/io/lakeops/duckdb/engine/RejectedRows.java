package io.lakeops.duckdb.engine;

import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.raw.RawFiles;
import io.lakeops.duckdb.raw.RecordReader;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.LoadRequest;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** The rejects of a load as rows {@code c0 … c4}: reason, file, line, raw text and batch, by file and line. */
final class RejectedRows {
    /** So many rejects are looked up at a time. */
    private static final long PAGE = 10_000;

    private final Statements statements;
    private final StagedRows rows;
    private final LoadRequest request;
    private final Optional<RawFiles> files;

    /** Rejects that carry their own raw text. */
    RejectedRows(Statements statements, StagedRows rows, LoadRequest request) {
        this(statements, rows, request, Optional.empty());
    }

    /** Rejects whose raw text stands in the files. */
    RejectedRows(Statements statements, StagedRows rows, LoadRequest request, RawFiles files) {
        this(statements, rows, request, Optional.of(files));
    }

    private RejectedRows(Statements statements, StagedRows rows, LoadRequest request, Optional<RawFiles> files) {
        this.statements = statements;
        this.rows = rows;
        this.request = request;
        this.files = files;
    }

    /**
     * The rejects, in a temporary table.
     *
     * @param loaded how many good rows stand before them
     */
    StagedRows table(long loaded, long rejected, Work work) throws SQLException {
        String batch = SqlText.string(request.batch());
        if (files.isEmpty()) {
            return StagedRows.of(
                    statements,
                    "SELECT reason AS c0, name AS c1, line AS c2, left(raw, " + RecordReader.LONGEST_RAW
                            + ") AS c3, " + batch + " AS c4 FROM " + rows.table()
                            + " WHERE reason IS NOT NULL ORDER BY file, line",
                    work);
        }
        StagedRows table = StagedRows.of(
                statements,
                "SELECT NULL::VARCHAR AS c0, NULL::VARCHAR AS c1, NULL::BIGINT AS c2, NULL::VARCHAR AS c3,"
                        + " NULL::VARCHAR AS c4 WHERE false",
                work);
        try (Lookup lookup = new Lookup(files.get())) {
            String sorted = "SELECT file, line, reason FROM " + rows.table() + " WHERE rowid >= " + loaded
                    + " AND rowid < " + (loaded + rejected) + " ORDER BY file, line";
            try (StagedRows places = StagedRows.of(statements, sorted, work)) {
                for (long from = 0; from < rejected; from += PAGE) {
                    append(table, places(places, from, work), lookup);
                    work.cancellation().check();
                }
            }
            return table;
        } catch (SQLException | RuntimeException e) {
            table.close();
            throw e;
        }
    }

    private record Place(int file, long line, String reason) {}

    private List<Place> places(StagedRows places, long from, Work work) throws SQLException {
        String sql = "SELECT file, line, reason FROM " + places.table() + " WHERE rowid >= " + from + " AND rowid < "
                + (from + PAGE) + " ORDER BY rowid";
        return statements.queryRaw(sql, Work.quiet(work.cancellation()), result -> {
            List<Place> page = new ArrayList<>();
            while (result.next()) {
                page.add(new Place(result.getInt(1), result.getLong(2), result.getString(3)));
            }
            return page;
        });
    }

    private void append(StagedRows table, List<Place> page, Lookup lookup) throws SQLException {
        try (DuckDBAppender appender = statements.connection().createAppender("temp", "main", table.name())) {
            for (Place place : page) {
                appender.beginRow();
                appender.append(place.reason());
                appender.append(request.files().get(place.file()).name());
                appender.append(place.line());
                appender.append(lookup.raw(place));
                appender.append(request.batch());
                appender.endRow();
            }
        }
    }

    /** Reads files once more, in order. */
    private static final class Lookup implements AutoCloseable {
        private final RawFiles files;
        private @Nullable RecordReader reader;
        private int file = -1;

        Lookup(RawFiles files) {
            this.files = files;
        }

        String raw(Place place) {
            if (place.file() != file || reader == null) {
                close();
                reader = files.open(place.file());
                file = place.file();
            }
            RecordReader current = reader;
            while (current.next()) {
                if (current.line() == place.line()) {
                    return current.raw();
                }
            }
            throw new LakeException(
                    ErrorCode.SOURCE_UNREADABLE,
                    "the raw file changed while it was loaded",
                    Map.of("file", files.files().get(place.file()).path(), "line", place.line()));
        }

        @Override
        public void close() {
            if (reader != null) {
                try {
                    reader.close();
                } catch (IOException e) {
                    throw StorageErrors.of(
                            "a raw file can't be closed",
                            files.files().get(file).path(),
                            e);
                }
                reader = null;
            }
        }
    }
}
