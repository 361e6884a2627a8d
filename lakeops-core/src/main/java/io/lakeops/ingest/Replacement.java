package io.lakeops.ingest;

import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileChange;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The commit of a batch's rows, with the rows that its raw files brought before taken out. */
final class Replacement {
    private final Source source;
    private final Session session;
    private final Run run;

    Replacement(Source source, Session session, Run run) {
        this.source = source;
        this.session = session;
        this.run = run;
    }

    /**
     * A blind append, or, where a raw file's rows already stand in the table and the policy is to replace them, an append
     * with their removal.
     */
    CommitSpec spec(Attempts.Attempt attempt, Operation operation, RawLoad load) {
        List<DataFile> files = load.files().stream().map(WrittenFile::dataFile).toList();
        if (source.restated() != Restated.REPLACE || load.restated().isEmpty()) {
            return CommitSpec.append(operation, files);
        }
        Snapshot base = attempt.base();
        List<DataFile> candidates = base.scan().files();
        Expr brought = Expr.of("src_filename IN ("
                + load.restated().stream().map(CommonSql::literal).collect(Collectors.joining(", ")) + ")");
        List<FileHits> hits = candidates.isEmpty()
                ? List.of()
                : session.locate(
                        new Relation.TableRows(base, candidates),
                        new RowMatch.ByCondition(brought),
                        run.cancellation());
        if (hits.isEmpty()) {
            return CommitSpec.append(operation, files);
        }
        List<DataFile> partial = hits.stream()
                .filter(h -> h.hits() < h.rows())
                .map(FileHits::file)
                .toList();
        long kept = hits.stream().mapToLong(h -> h.rows() - h.hits()).sum();
        List<WrittenFile> rewritten = partial.isEmpty()
                ? List.of()
                : session.write(
                        WriteRequest.again(base, new Relation.Except(Relation.TableRows.moving(base, partial), brought))
                                .withOrderBy(source.orderBy()),
                        run.cancellation());
        attempt.stage(rewritten.stream().map(WrittenFile::location).toList());
        long rows = rewritten.stream().mapToLong(f -> f.statistics().rowCount()).sum();
        if (rows != kept) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "the rewritten files hold " + rows + " rows where " + kept + " must stay",
                    Map.of("table", base.table(), "version", base.version()));
        }
        List<FileChange> changes = new ArrayList<>();
        hits.forEach(h -> changes.add(new FileChange.Remove(h.file(), true)));
        rewritten.forEach(f -> changes.add(new FileChange.Add(f.dataFile(), true)));
        files.forEach(f -> changes.add(new FileChange.Add(f, true)));
        return CommitSpec.of(operation, new Reads.Matching(Predicate.always(), candidates), changes);
    }
}
