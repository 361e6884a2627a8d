package io.lakeops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixturesTest {
    @TempDir
    Path folder;

    @Test
    void every_table_stands_beside_what_is_expected_of_it() {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        assertThat(fixtures.names()).hasSize(36).contains("basic", "hostile_path_escape", "v2_checkpoint_json");
        assertThat(fixtures.names())
                .allSatisfy(name ->
                        assertThat(fixtures.table(name).resolve("_delta_log")).isDirectory());
    }

    @Test
    void the_times_of_files_are_kept_because_they_are_the_commit_times() throws Exception {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        List<?> history =
                (List<?>) Objects.requireNonNull(fixtures.expected("basic").get("history"));
        Map<?, ?> first = (Map<?, ?>) history.get(0);
        Path commit = fixtures.table("basic").resolve("_delta_log/00000000000000000000.json");
        assertThat(Files.getLastModifiedTime(commit).toMillis()).isEqualTo(first.get("timestampMillis"));
    }

    @Test
    void one_table_can_be_had_alone() {
        Path table = Fixtures.unpackOne("partitioned_special", folder);
        assertThat(table.resolve("dt=2024-02-29/cat=ünï%2F日本")).isDirectory();
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("partitioned_special", "partitioned_special.expected.json");
    }
}
