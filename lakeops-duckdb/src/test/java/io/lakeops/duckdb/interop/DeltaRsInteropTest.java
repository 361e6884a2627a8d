package io.lakeops.duckdb.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.duckdb.interop.JudgeProcess.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write, delta-rs reads exactly as we do, at every version; and we read what it writes next. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeltaRsInteropTest {
    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private DeltaRsJudge deltaRs;

    @SuppressWarnings("NullAway.Init")
    private WrittenTables tables;

    @BeforeAll
    void open() throws IOException, InterruptedException, SQLException {
        deltaRs = DeltaRsJudge.start(folder);
        tables = new WrittenTables(folder);
    }

    @AfterAll
    void close() throws IOException, SQLException {
        if (deltaRs != null) {
            deltaRs.close();
            tables.close();
            System.out.println("judged by delta-rs: " + tables.counted());
        }
    }

    static Stream<JudgedFeature> features() {
        return JudgedFeatures.all();
    }

    @ParameterizedTest
    @MethodSource("features")
    void delta_rs_reads_every_version_as_we_do(JudgedFeature feature) {
        Workbench bench = tables.of(feature);
        if (feature.deltaRsLacks().isPresent()) {
            assertThat(deltaRs.read(bench.path(), bench.version()))
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.message())
                                    .contains(feature.deltaRsLacks().get()));
            tables.count("features that delta-rs refuses by name", 1);
            return;
        }
        tables.count("features", 1);
        tables.count("rows", compare(bench, bench.table().versions().earliest()));
    }

    @ParameterizedTest
    @MethodSource("features")
    void we_read_what_delta_rs_writes_next(JudgedFeature feature) {
        Workbench bench = tables.copyOf(feature);
        long before = bench.version();
        for (String change : List.of("append", "checkpoint", "optimize")) {
            if (deltaRs.change(bench.path(), change) instanceof Answer.Refused refused) {
                tables.count("writes that delta-rs refuses", 1);
                // What it refuses it must not have half done.
                System.out.println("delta-rs, " + feature + ", " + change + ": "
                        + refused.message().lines().findFirst().orElse(""));
            }
        }
        if (feature.deltaRsLacks().isEmpty()) {
            tables.count("rows that delta-rs wrote", compare(bench, before + 1));
            bench.sql("INSERT INTO {t} SELECT * FROM {t}");
            tables.count("rows after each other's writes", compare(bench, bench.version()));
        }
    }

    private long compare(Workbench bench, long from) {
        long rows = 0;
        for (long version = from; version <= bench.version(); version++) {
            List<String> ours = bench.rows(version);
            assertThat(deltaRs.read(bench.path(), version).rowsOf("delta-rs, version " + version))
                    .as("rows of %s at version %s", bench.path(), version)
                    .isEqualTo(ours);
            rows += ours.size();
            tables.count("versions", 1);
        }
        return rows;
    }
}
