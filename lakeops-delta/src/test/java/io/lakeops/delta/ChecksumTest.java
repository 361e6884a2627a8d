package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.delta.internal.replay.Checksum;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checksum files that commits leave, and what becomes of those that are wrong. */
class ChecksumTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void every_commit_leaves_a_checksum_of_what_the_version_consists_of() throws IOException {
        LakeTable table = Tables.create(
                table(),
                Tables.IDS,
                Map.of("delta.enableInCommitTimestamps", "true", "delta.columnMapping.mode", "name"));
        DataFile first = Tables.file(table, "a b%20.parquet", Map.of(), Optional.empty());
        Tables.append(table, first, Tables.file(table, "b.parquet", Map.of(), Optional.empty()));
        Tables.rewrite(table, true, List.of(first), List.of());
        table.commit(
                Tables.latest(table),
                new CommitSpec(
                        Tables.WRITE,
                        Isolation.WRITE_SERIALIZABLE,
                        new Reads.Nothing(),
                        List.of(),
                        Optional.of(new TableChange(
                                new Schema(List.of(
                                        Tables.latest(table).schema().require("id"),
                                        Field.of("more", Primitive.STRING))),
                                List.of(),
                                Tables.latest(table).detail().properties(),
                                Optional.of("why"))),
                        List.of(new Sequence("loader", 7)),
                        Map.of("mine", "{\"a\":1}"),
                        Optional.empty()));

        for (long version = 0; version <= 3; version++) {
            Map<String, @Nullable Object> said = Json.parseObject(Files.readString(Checksum.file(log(), version)));
            assertThat(said).containsEntry("numMetadata", 1L).containsEntry("numProtocol", 1L);
            assertThat(said).containsEntry("numFiles", version == 0 ? 0L : version == 1 ? 2L : 1L);
            assertThat(said.get("inCommitTimestampOpt"))
                    .isEqualTo(table.snapshot(SnapshotSelector.version(version))
                            .timestamp()
                            .toEpochMilli());
            assertThat(commit(version)).contains("\"txnId\":\"" + said.get("txnId") + "\"");
            assertThat(said.containsKey("setTransactions")).isEqualTo(version < 3);
            open().snapshot(SnapshotSelector.version(version)).scan().files();
        }
        assertThat(Json.parseObject(Files.readString(Checksum.file(log(), 2))))
                .containsEntry("tableSizeBytes", Files.size(table().resolve("b.parquet")));
        assertThat(warnings).isEmpty();
        assertThat(open().upkeep().orElseThrow().checkpoint().written()).isTrue();
    }

    @Test
    void the_definition_is_the_text_of_whoever_wrote_it() throws IOException {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        Path root = fixtures.table("nested_types");
        LakeTable table = open(root);
        Tables.append(table, Tables.file(table, "more.parquet", Map.of(), Optional.empty()));
        long version = Tables.latest(table).version();

        Map<String, @Nullable Object> ours = Json.parseObject(Files.readString(Checksum.file(log(root), version)));
        Map<String, @Nullable Object> sparks =
                Json.parseObject(Files.readString(Checksum.file(log(root), version - 1)));
        assertThat(ours.get("metadata")).isEqualTo(sparks.get("metadata"));
        assertThat(ours.get("protocol")).isEqualTo(sparks.get("protocol"));
    }

    @Test
    void what_spark_summed_up_is_what_its_logs_say() throws IOException {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        int compared = 0;
        for (String name : fixtures.names()) {
            LakeTable table = open(fixtures.table(name));
            for (long version = 0; Files.exists(commit(fixtures.table(name), version)); version++) {
                try {
                    table.snapshot(SnapshotSelector.version(version)).scan().files();
                } catch (LakeException refused) {
                    continue;
                }
                compared += Checksum.read(log(fixtures.table(name)), version).isPresent() ? 1 : 0;
            }
        }
        assertThat(compared).isGreaterThan(150);
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_checksum_that_says_otherwise_is_told_and_stops_checkpoints_and_clean_up() throws IOException {
        LakeTable table = Tables.create(table(), Tables.IDS, Map.of("delta.logRetentionDuration", "interval 1 day"));
        Tables.append(table, Tables.file(table, "a.parquet", Map.of(), Optional.empty()));
        String whole = Files.readString(Checksum.file(log(), 1));
        List<String> lies = List.of(
                whole.replace("\"numFiles\":1", "\"numFiles\":2"),
                whole.replaceFirst("\"tableSizeBytes\":\\d+", "\"tableSizeBytes\":1"),
                whole.replace("\"minWriterVersion\":2", "\"minWriterVersion\":3"),
                whole.replace("\\\"long\\\"", "\\\"string\\\""),
                whole.replace(
                        "\"domainMetadata\":[]",
                        "\"domainMetadata\":[{\"domain\":\"d\",\"configuration\":\"{}\",\"removed\":false}]"),
                whole.replace("\"setTransactions\":[]", "\"setTransactions\":[{\"appId\":\"a\",\"version\":1}]"));
        for (String lie : lies) {
            assertThat(lie).isNotEqualTo(whole);
            Files.writeString(Checksum.file(log(), 1), lie);
            warnings.clear();

            assertThat(Tables.latest(open()).scan().files()).hasSize(1);

            assertThat(warnings).singleElement().asString().contains("checksum of version 1 does not agree");
            assertThatThrownBy(() -> open().upkeep().orElseThrow().checkpoint())
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT));
        }
        assertThat(names()).noneMatch(name -> name.contains("checkpoint"));

        Files.writeString(Checksum.file(log(), 1), whole);
        assertThat(open().upkeep().orElseThrow().checkpoint().written()).isTrue();
        Files.writeString(Checksum.file(log(), 1), lies.get(0));
        assertThat(open(table(), 90).upkeep().orElseThrow().clean().deletedFiles())
                .isZero();
    }

    @Test
    void a_checksum_that_is_torn_or_no_checksum_says_nothing() throws IOException {
        LakeTable table = Tables.create(table(), Tables.IDS, Map.of());
        Tables.append(table, Tables.file(table, "a.parquet", Map.of(), Optional.empty()));
        String whole = Files.readString(Checksum.file(log(), 1));
        for (String text :
                List.of(whole.substring(0, whole.length() / 2), "", "[]", "{}", "{\"numFiles\":\"x\"}", "\u0000")) {
            Files.writeString(Checksum.file(log(), 1), text);

            assertThat(Tables.latest(open()).scan().files()).hasSize(1);
        }
        Files.delete(Checksum.file(log(), 1));
        assertThat(Tables.latest(open()).scan().files()).hasSize(1);
        assertThat(warnings).isEmpty();
    }

    private Path table() {
        return folder.resolve("50% ids");
    }

    private Path log() {
        return log(table());
    }

    private static Path log(Path table) {
        return table.resolve("_delta_log");
    }

    private static Path commit(Path table, long version) {
        return log(table).resolve(String.format("%020d.json", version));
    }

    private String commit(long version) throws IOException {
        return Files.readString(commit(table(), version));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private LakeTable open() {
        return open(table());
    }

    private LakeTable open(Path root) {
        return open(root, 0);
    }

    private LakeTable open(Path root, int days) {
        TableLocation location = new TableLocation(root);
        LakeContext context = LakeContext.standard()
                .withClock(Clock.offset(Clock.systemUTC(), Duration.ofDays(days)))
                .withListener(event -> {
                    if (event instanceof LakeEvent.Warning warning) {
                        warnings.add(warning.text());
                    }
                });
        return new DeltaFormat().open(TableId.of(location), location, Optional.empty(), context);
    }
}
