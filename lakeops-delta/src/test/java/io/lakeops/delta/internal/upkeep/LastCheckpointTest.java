package io.lakeops.delta.internal.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.json.Json;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastCheckpointTest {
    @Test
    void the_checksum_is_that_of_the_protocols_example() {
        Map<String, @Nullable Object> json = Json.parseObject(
                "{\"k0\":\"'v 0'\", \"checksum\": \"adsaskfljadfkjadfkj\","
                        + " \"k1\":{\"k2\": 2, \"k3\": [\"v3\", [1, 2], {\"k4\": \"v4\", \"k5\": [\"v5\", \"v6\", \"v7\"]}]}}");

        assertThat(LastCheckpoint.canonical(json))
                .isEqualTo("\"k0\"=\"%27v%200%27\",\"k1\"+\"k2\"=2,\"k1\"+\"k3\"+0=\"v3\",\"k1\"+\"k3\"+1+0=1,"
                        + "\"k1\"+\"k3\"+1+1=2,\"k1\"+\"k3\"+2+\"k4\"=\"v4\",\"k1\"+\"k3\"+2+\"k5\"+0=\"v5\","
                        + "\"k1\"+\"k3\"+2+\"k5\"+1=\"v6\",\"k1\"+\"k3\"+2+\"k5\"+2=\"v7\"");
        assertThat(LastCheckpoint.checksum(json)).isEqualTo("6a92d155a59bf2eecbd4b4ec7fd1f875");
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimized", "checkpoint_cleaned_logs", "multipart_checkpoint", "v2_checkpoint_json"})
    void the_checksum_is_the_one_that_spark_wrote(String fixture, @TempDir Path folder) throws IOException {
        Path table = Fixtures.unpackOne(fixture, folder);
        Map<String, @Nullable Object> pointer =
                Json.parseObject(Files.readString(table.resolve("_delta_log/_last_checkpoint")));

        assertThat(LastCheckpoint.checksum(pointer)).isEqualTo(pointer.get("checksum"));
    }
}
