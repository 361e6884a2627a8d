package io.lakeops.quality;

import io.lakeops.check.CheckPlan;
import io.lakeops.check.FailingRows;
import io.lakeops.context.Cancellation;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.quality.CheckResult.FailingRow;
import io.lakeops.table.Predicate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches some of the rows that fail a check. */
final class FailingRowSearch {
    private final Session session;
    private final Cancellation cancellation;
    private final MeasurePass pass;
    private final Map<String, Relation> references;
    private final RunOptions options;

    FailingRowSearch(
            Session session,
            Cancellation cancellation,
            MeasurePass pass,
            Map<String, Relation> references,
            RunOptions options) {
        this.session = session;
        this.cancellation = cancellation;
        this.pass = pass;
        this.references = references;
        this.options = options;
    }

    List<FailingRow> find(CheckTarget target, CheckPlan plan, Optional<Expr> where) {
        if (plan.failingRows().isEmpty()) {
            return List.of();
        }
        if (plan.failingRows().get() instanceof FailingRows.Query query) {
            Map<String, Relation> inputs = new LinkedHashMap<>();
            inputs.put(CheckPlan.THIS, pass.rows());
            inputs.putAll(references);
            return fetch(new Relation.Derived(query.sql(), inputs), options.failingRows(), Optional.empty());
        }
        Expr condition = ((FailingRows.Where) plan.failingRows().get()).condition();
        if (!(target instanceof CheckTarget.AtVersion table)) {
            return fetch(new Relation.Filtered(pass.rows(), condition), options.failingRows(), Optional.empty());
        }
        Relation.TableRows candidates = pass.unfiltered(table.snapshot(), condition.predicate());
        Expr failing = where.isEmpty()
                ? condition
                : new Expr(
                        "(" + where.get().text() + ") AND (" + condition.text() + ")",
                        condition.dialect(),
                        Predicate.always());
        if (!options.locate()) {
            return fetch(new Relation.Filtered(candidates, failing), options.failingRows(), Optional.empty());
        }
        List<FailingRow> found = new ArrayList<>();
        for (FileHits hits : session.locate(candidates, new RowMatch.ByCondition(failing), cancellation)) {
            int wanted = options.failingRows() - found.size();
            if (wanted <= 0) {
                break;
            }
            found.addAll(fetch(
                    new Relation.Filtered(new Relation.TableRows(table.snapshot(), List.of(hits.file())), failing),
                    wanted,
                    Optional.of(hits.file().path())));
        }
        return found;
    }

    private List<FailingRow> fetch(Relation relation, int limit, Optional<String> file) {
        Rows rows = session.rows(relation, limit, cancellation);
        List<FailingRow> found = new ArrayList<>();
        for (List<@Nullable Object> row : rows.rows()) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (int i = 0; i < rows.columns().size(); i++) {
                values.put(rows.columns().get(i), row.get(i));
            }
            found.add(new FailingRow(file, values));
        }
        return found;
    }
}
