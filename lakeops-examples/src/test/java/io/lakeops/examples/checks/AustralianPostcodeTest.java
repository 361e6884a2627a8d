package io.lakeops.examples.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.check.Status;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.duckdb.DuckDbEngine;
import io.lakeops.engine.EngineOptions;
import io.lakeops.engine.Expr;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.quality.CheckResult;
import io.lakeops.quality.CheckTarget;
import io.lakeops.quality.Checks;
import io.lakeops.quality.RunOptions;
import io.lakeops.quality.Suite;
import io.lakeops.quality.SuiteRunner;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AustralianPostcodeTest {
    @TempDir
    Path folder;

    private CheckResult check(String rows) {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        try (Session session = new DuckDbEngine().open(new EngineOptions(128L << 20, 1, folder), context)) {
            return SuiteRunner.of(session, context)
                    .run(
                            Suite.named("s")
                                    .on(
                                            "people",
                                            Checks.of("com.example.australian_postcode", Map.of("column", "postcode"))),
                            name -> new CheckTarget.Unversioned(new Relation.Query(Expr.of(rows))),
                            RunOptions.standard(),
                            new Cancellation())
                    .results()
                    .get(0);
        }
    }

    @Test
    void it_is_found_by_its_name_and_sees_what_is_no_postcode() {
        CheckResult result = check("SELECT * FROM (VALUES ('2000'), ('0800'), ('0299'), ('9999'), (NULL), ('800'),"
                + " ('0799'), ('20000'), ('1e03'), ('+999'), ('20 0'), ('')) AS t(postcode)");

        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.verdict().tally().orElseThrow().rows()).isEqualTo(11);
        assertThat(result.failingRows())
                .extracting(row -> String.valueOf(row.values().get("postcode")))
                .isSubsetOf("800", "0799", "20000", "1e03", "+999", "20 0", "");
        assertThat(result.verdict().tally().orElseThrow().failures()).isEqualTo(7);
    }

    @Test
    void postcodes_alone_pass() {
        assertThat(check("SELECT '2000' AS postcode").status()).isEqualTo(Status.PASS);
    }

    @Test
    void a_number_is_no_postcode() {
        CheckResult result = check("SELECT 2000 AS postcode");
        assertThat(result.status()).isEqualTo(Status.ERROR);
        assertThat(result.verdict().message().orElseThrow()).contains("CHECK_INVALID", "0800 is not 800");
    }
}
