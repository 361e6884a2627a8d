package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.raw.RawFiles;
import io.lakeops.duckdb.raw.RawScan;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Parses raw files into good rows and rejects, and writes both: all of them, or none.
 *
 * <p>Everything is read once into a temporary table: the good rows sorted as they will be written, the rejects after
 * them. The raw text of a reject is fetched by reading its file once more up to its line.
 */
final class Loader {
    private static final Schema REJECTS = Schema.of(
            Field.of("reject_reason", Primitive.STRING),
            Field.of("src_filename", Primitive.STRING),
            Field.of("src_line", Primitive.LONG),
            Field.of("raw", Primitive.STRING),
            Field.of("batch", Primitive.STRING));

    private final Statements statements;
    private final Relations relations;
    private final Supplier<RawScan> raw;

    Loader(Statements statements, Relations relations, Supplier<RawScan> raw) {
        this.statements = statements;
        this.relations = relations;
        this.raw = raw;
    }

    Loaded load(LoadRequest request, Cancellation cancellation) throws SQLException {
        if (request.files().isEmpty()) {
            return new Loaded(List.of(), List.of(), List.of());
        }
        Work work = new Work("load", request.root().toString(), cancellation);
        Staging staging = new Staging();
        relations.writeAtOnce();
        String zone = relations.timeZone();
        if (!zone.equals("UTC")) {
            // Text without a zone is UTC, whatever the lender of the connection has set.
            statements.runRaw("SET TimeZone = 'UTC'", Work.quiet(cancellation));
        }
        try {
            return load(request, staging, work);
        } catch (SQLException e) {
            LakeException failure = relations.failure(e);
            staging.takeBack(failure);
            throw failure;
        } catch (RuntimeException | Error e) {
            staging.takeBack(e);
            throw e;
        } finally {
            if (!zone.equals("UTC")) {
                statements.runRaw("SET TimeZone = " + SqlText.string(zone), Work.quiet(new Cancellation()));
            }
        }
    }

    private Loaded load(LoadRequest request, Staging staging, Work work) throws SQLException {
        Typing typing = new Typing(request);
        if (request.format() instanceof RawFormat.Parquet) {
            RawParquet parquet = RawParquet.of(request, statements, work.cancellation());
            try (StagedRows rows = stage(typing.sql(parquet.sql(), parquet.columns()), work)) {
                return write(request, rows, new RejectedRows(statements, rows, request), staging, work);
            } catch (SQLException e) {
                throw parquet.failure(e, relations.failure(e));
            }
        }
        RawFiles files =
                new RawFiles(request.files(), request.format(), request.source().names());
        try (RawScan.Scan scan = raw.get().scan(files)) {
            try (StagedRows rows = stage(typing.sql("SELECT * FROM " + scan.relation(), typing.texts()), work)) {
                return write(request, rows, new RejectedRows(statements, rows, request, files), staging, work);
            } catch (SQLException e) {
                if (scan.failure().isPresent()) {
                    throw scan.failure().get();
                }
                throw e;
            }
        } catch (IOException e) {
            throw StorageErrors.of(
                    "a raw file can't be closed", request.files().get(0).path(), e);
        }
    }

    private StagedRows stage(String sql, Work work) throws SQLException {
        return StagedRows.of(statements, sql, work);
    }

    private Loaded write(LoadRequest request, StagedRows rows, RejectedRows rejects, Staging staging, Work work)
            throws SQLException {
        List<Loaded.Count> counts = counts(request, rows, work);
        DataFiles files = new DataFiles(
                statements,
                request.table(),
                request.partitionColumns(),
                request.root(),
                request.targetFileBytes(),
                staging);
        List<WrittenFile> written = rows.write(request.table(), files, "reason IS NULL", work);
        long rejected = counts.stream().mapToLong(Loaded.Count::rejected).sum();
        if (rejected == 0) {
            return new Loaded(written, List.of(), counts);
        }
        DataFiles rejectFiles = new DataFiles(
                statements, REJECTS, List.of(), request.rejectsRoot(), request.targetFileBytes(), staging);
        long loaded = counts.stream().mapToLong(Loaded.Count::loaded).sum();
        try (StagedRows table = rejects.table(loaded, rejected, work)) {
            return new Loaded(written, table.write(REJECTS, rejectFiles, "true", work), counts);
        }
    }

    private List<Loaded.Count> counts(LoadRequest request, StagedRows rows, Work work) throws SQLException {
        String sql = "SELECT file, count(*), count(reason) FROM " + rows.table() + " GROUP BY file";
        Map<Integer, long[]> byFile = statements.queryRaw(sql, work, result -> {
            Map<Integer, long[]> found = new TreeMap<>();
            while (result.next()) {
                found.put(result.getInt(1), new long[] {result.getLong(2), result.getLong(3)});
            }
            return found;
        });
        List<Loaded.Count> counts = new ArrayList<>();
        for (int i = 0; i < request.files().size(); i++) {
            long[] count = byFile.getOrDefault(i, new long[] {0, 0});
            counts.add(new Loaded.Count(request.files().get(i).name(), count[0], count[0] - count[1], count[1]));
        }
        return counts;
    }
}
