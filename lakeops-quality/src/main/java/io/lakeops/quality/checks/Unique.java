package io.lakeops.quality.checks;

import com.google.auto.service.AutoService;
import io.lakeops.check.Arguments;
import io.lakeops.check.Check;
import io.lakeops.check.CheckPlan;
import io.lakeops.check.CommonSql;
import io.lakeops.check.FailingRows;
import io.lakeops.check.History;
import io.lakeops.check.Measure;
import io.lakeops.check.Measurements;
import io.lakeops.check.Outcome;
import io.lakeops.check.Probe;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest.Aggregate;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * No value of {@code column}, or no combination of {@code columns}, stands in two rows.
 *
 * <p>Nulls are ignored; a combination is ignored only where all its parts are null. Reported are the values that repeat, as
 * in dbt; the pass rate counts the rows that hold them; {@code excess_rows} are those that would have to go.
 */
@AutoService(Check.class)
public final class Unique implements Check {
    @Override
    public String name() {
        return "unique";
    }

    @Override
    public CheckPlan plan(Schema schema, Arguments arguments) {
        arguments.only("column", "columns");
        if (arguments.find("column").isPresent() == arguments.find("columns").isPresent()) {
            throw new LakeException(
                    ErrorCode.CHECK_INVALID, "unique takes either 'column' or 'columns'", arguments.values());
        }
        List<String> columns = arguments.texts(arguments.find("column").isPresent() ? "column" : "columns").stream()
                .map(name -> schema.require(name).name())
                .toList();
        List<String> keys = columns.stream().map(CommonSql::name).toList();
        String groups = String.join(", ", keys);
        String keyed = "NOT ("
                + String.join(" AND ", keys.stream().map(k -> k + " IS NULL").toList()) + ")";
        return CheckPlan.of(Measure.rows("rows"))
                .with(new Probe(
                        Expr.of("SELECT count(*) AS n FROM this WHERE " + keyed + " GROUP BY " + groups),
                        List.of(
                                new Aggregate("keyed_rows", Expr.of("sum(n)")),
                                new Aggregate("duplicate_values", Expr.of("count(CASE WHEN n > 1 THEN 1 END)")),
                                new Aggregate("duplicate_rows", Expr.of("sum(CASE WHEN n > 1 THEN n END)")),
                                new Aggregate("excess_rows", Expr.of("sum(n - 1)")))))
                .failing(new FailingRows.Query(Expr.of(repeated(keys, groups, keyed))))
                .about(String.join(", ", columns));
    }

    private static String repeated(List<String> keys, String groups, String keyed) {
        List<String> aliased = new ArrayList<>();
        List<String> same = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            aliased.add(keys.get(i) + " AS k" + i);
            same.add("t." + keys.get(i) + " IS NOT DISTINCT FROM d.k" + i);
        }
        return "SELECT t.* FROM this AS t JOIN (SELECT " + String.join(", ", aliased) + " FROM this WHERE " + keyed
                + " GROUP BY " + groups + " HAVING count(*) > 1) AS d ON " + String.join(" AND ", same);
    }

    @Override
    public Outcome judge(Measurements now, History past) {
        if (now.count("rows") == 0) {
            return new Outcome.NoData("the table has no row");
        }
        long values = now.count("duplicate_values");
        long rows = now.count("duplicate_rows");
        return Outcome.ofRows(
                new Outcome.Tally(now.count("keyed_rows"), rows, values),
                "each value once",
                values + " values stand in " + rows + " rows, " + now.count("excess_rows") + " of them too many",
                "Keep the newest row of each key, or find out which delivery brought the others.");
    }
}
