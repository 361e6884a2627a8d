package io.lakeops.ingest;

import io.lakeops.change.ReplacedRows;
import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import java.util.List;
import java.util.Optional;
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
        Expr brought = Expr.of("src_filename IN ("
                + load.restated().stream().map(CommonSql::literal).collect(Collectors.joining(", ")) + ")");
        Schema grown = attempt.base().schema().and(load.table());
        ReplacedRows replaced =
                ReplacedRows.plan(attempt, files, brought, Optional.of(grown), source.orderBy(), session, run);
        return replaced.changes().isEmpty()
                ? CommitSpec.append(operation, files)
                : CommitSpec.of(operation, new Reads.Matching(Predicate.always(), replaced.read()), replaced.changes());
    }
}
