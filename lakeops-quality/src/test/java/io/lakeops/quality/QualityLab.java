package io.lakeops.quality;

import io.lakeops.Lake;
import io.lakeops.change.Append;
import io.lakeops.check.Check;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.context.Run;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.provider.Providers;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A lake on a real DuckDB, with a clock that stands still. */
final class QualityLab implements AutoCloseable {
    static final Instant NOW = Instant.parse("2024-04-03T02:00:00Z");

    final LakeContext context =
            LakeContext.standard().withClock(Clock.fixed(NOW, ZoneOffset.UTC)).withListener(LakeListener.silent());
    final Lake lake;
    final CountingSession session;

    QualityLab(Path root, TableFormat format) {
        this.lake = Lake.open(
                root,
                Providers.of(TableFormat.class, List.of(format)),
                Providers.of(ComputeEngine.class, List.of(new DuckDbEngine())),
                context);
        this.session = new CountingSession(
                lake.engine().open(new EngineOptions(256L << 20, 1, root.resolve("spill")), context));
    }

    /** Makes a table; each query becomes one commit, and one file for each partition. */
    LakeTable table(String name, TableSpec spec, String... queries) {
        LakeTable table = lake.create(Lake.id(name), spec);
        append(table, queries);
        return table;
    }

    LakeTable table(String name, Schema schema, String... queries) {
        return table(name, TableSpec.of(schema), queries);
    }

    void append(LakeTable table, String... queries) {
        for (String query : queries) {
            Append.of(query(query)).run(table, session.inner(), run());
        }
        session.reset();
    }

    Run run() {
        return Run.of(context);
    }

    static Relation.Query query(String sql) {
        return new Relation.Query(Expr.of(sql));
    }

    long version(String table) {
        return lake.table(table).snapshot(SnapshotSelector.latest()).version();
    }

    SuiteResult run(Suite suite) {
        return run(suite, LakeTargets.of(lake));
    }

    SuiteResult run(Suite suite, CheckTarget.Targets targets, Check... more) {
        return run(suite, targets, RunOptions.standard(), more);
    }

    SuiteResult run(Suite suite, CheckTarget.Targets targets, RunOptions options, Check... more) {
        List<Check> checks = new ArrayList<>(SuiteRunner.installedChecks().all());
        checks.addAll(List.of(more));
        return new SuiteRunner(Providers.of(Check.class, checks), session, CheckHistory.none(), context)
                .run(suite, targets, options, new Cancellation());
    }

    /** The result of one check on rows that a query makes. */
    CheckResult check(String rows, CheckDefinition check) {
        return run(Suite.named("s").on("rows", check), name -> new CheckTarget.Unversioned(query(rows)))
                .results()
                .get(0);
    }

    Session engine() {
        return session;
    }

    @Override
    public void close() {
        session.close();
        lake.close();
    }
}
