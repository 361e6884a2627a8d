package io.lakeops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWorkloadTest {
    @Test
    void a_round_lists_every_file_and_commits_to_both_tables(@TempDir Path dir) throws Exception {
        LogWorkload.Round round = new LogWorkload(dir, 30, 3).round(0);

        assertThat(round.files()).isEqualTo(90);
        assertThat(round.listing()).isPositive();
        assertThat(round.checkpointed()).isPositive();
        assertThat(round.first()).isPositive();
        assertThat(round.later()).isPositive();
        assertThat(LogBench.row(round)).contains("| 90 |");
    }
}
