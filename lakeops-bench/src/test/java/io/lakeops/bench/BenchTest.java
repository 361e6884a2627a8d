package io.lakeops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    @Test
    void a_round_compacts_a_fresh_copy_and_leaves_the_base_alone(@TempDir Path dir) throws Exception {
        OptimizeWorkload workload = new OptimizeWorkload(dir, 10_000, 20);
        workload.prepare();

        OptimizeWorkload.Round first = workload.round(0);
        OptimizeWorkload.Round second = workload.round(1);

        assertThat(List.of(first, second)).allSatisfy(round -> {
            assertThat(round.result().before().files()).isEqualTo(20);
            assertThat(round.result().after().files()).isEqualTo(1);
            assertThat(round.result().rows()).isEqualTo(10_000);
            assertThat(round.oursSeconds()).isPositive();
            assertThat(round.floorSeconds()).isPositive();
        });
        assertThat(Bench.table(10_000, 20, List.of(first, second))).contains("| OPTIMIZE |", "| 20 → 1 |");
    }
}
