package io.lakeops.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.context.Run;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.testkit.MemoryFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptsTest {
    private final List<LakeEvent> events = new ArrayList<>();
    private final LakeContext context = new LakeContext(
            Clock.fixed(Instant.parse("2024-04-01T00:00:00Z"), ZoneOffset.UTC), Runnable::run, events::add);
    private final Run run = Run.of(context);

    private final Path folder;
    private final LakeTable table;

    AttemptsTest(@TempDir Path folder) {
        this.folder = folder;
        this.table = new MemoryFormat()
                .create(
                        new TableId("bronze", "t"),
                        new TableLocation(folder.resolve("t")),
                        TableSpec.of(Schema.of(Field.of("id", DataType.Primitive.LONG))),
                        Optional.empty(),
                        context);
    }

    @Test
    void each_attempt_sees_the_newest_version() {
        List<Long> bases = new ArrayList<>();

        String result = Attempts.run(table, "DELETE", run, attempt -> {
            bases.add(attempt.base().version());
            if (attempt.number() < 4) {
                rival();
            }
            attempt.commit(spec());
            return "done in " + attempt.number();
        });

        assertThat(result).isEqualTo("done in 4");
        assertThat(bases).containsExactly(0L, 1L, 2L, 3L);
        assertThat(events.stream().filter(e -> e instanceof LakeEvent.Retrying))
                .containsExactly(
                        new LakeEvent.Retrying("bronze.t", "DELETE", 1, 1),
                        new LakeEvent.Retrying("bronze.t", "DELETE", 2, 2),
                        new LakeEvent.Retrying("bronze.t", "DELETE", 3, 3));
    }

    @Test
    void a_clock_that_stands_still_does_not_keep_it_going_for_ever() {
        assertThatThrownBy(
                        () -> Attempts.run(table, "DELETE", run.withCommitTimeout(Duration.ofMillis(40)), attempt -> {
                            rival();
                            return attempt.commit(spec());
                        }))
                .isInstanceOf(CommitConflictException.class);

        assertThat(events.stream().filter(e -> e instanceof LakeEvent.Retrying)).isNotEmpty();
    }

    @Test
    void staged_files_go_with_the_attempt_and_those_for_all_attempts_at_the_end() throws IOException {
        Path shared = Files.writeString(folder.resolve("shared"), "x");
        List<Path> own = new ArrayList<>();

        assertThatThrownBy(() ->
                        Attempts.run(table, "DELETE", run.withCommitTimeout(Duration.ofMillis(40)), attempt -> {
                            assertThat(own).allSatisfy(f -> assertThat(f).doesNotExist());
                            assertThat(shared).exists();
                            Path file = write("own" + attempt.number());
                            own.add(file);
                            attempt.stage(List.of(file));
                            if (attempt.number() == 1) {
                                attempt.stageAcross(List.of(shared));
                            }
                            rival();
                            return attempt.commit(spec());
                        }))
                .isInstanceOf(CommitConflictException.class);

        assertThat(own).isNotEmpty().allSatisfy(f -> assertThat(f).doesNotExist());
        assertThat(shared).doesNotExist();
    }

    @Test
    void committed_files_stay_and_uncommitted_ones_go() {
        Path kept = write("kept");
        Path gone = write("gone");

        Attempts.run(table, "WRITE", run, attempt -> {
            attempt.stage(List.of(kept));
            return attempt.commit(spec());
        });
        Attempts.run(table, "WRITE", run, attempt -> {
            attempt.stage(List.of(gone));
            return "nothing to commit";
        });

        assertThat(kept).exists();
        assertThat(gone).doesNotExist();
    }

    @Test
    void what_can_not_be_known_is_not_touched() {
        Path unknown = write("unknown");
        Path torn = write("torn");

        assertThatThrownBy(() -> Attempts.run(
                        failing(new CommitOutcomeUnknownException("?", Map.of(), new IOException())),
                        "WRITE",
                        run,
                        attempt -> {
                            attempt.stage(List.of(unknown));
                            return attempt.commit(spec());
                        }))
                .isInstanceOf(CommitOutcomeUnknownException.class);
        assertThatThrownBy(() -> Attempts.run(failing(new IllegalStateException("a fault")), "WRITE", run, attempt -> {
                    attempt.stage(List.of(torn));
                    return attempt.commit(spec());
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(unknown).exists();
        assertThat(torn).exists();
    }

    @Test
    void a_refused_commit_and_a_failed_plan_leave_no_file() {
        Path refused = write("refused");
        Path failed = write("failed");

        assertThatThrownBy(() ->
                        Attempts.run(failing(new LakeException(ErrorCode.DISK_FULL, "full")), "WRITE", run, attempt -> {
                            attempt.stage(List.of(refused));
                            return attempt.commit(spec());
                        }))
                .isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> Attempts.run(table, "WRITE", run, attempt -> {
                    attempt.stage(List.of(failed));
                    throw new IllegalStateException("before the commit");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(refused).doesNotExist();
        assertThat(failed).doesNotExist();
    }

    @Test
    void a_cancelled_run_makes_no_further_attempt() {
        Cancellation cancellation = new Cancellation();

        assertThatThrownBy(() -> Attempts.run(table, "DELETE", run.withCancellation(cancellation), attempt -> {
                    assertThat(attempt.number()).isEqualTo(1);
                    rival();
                    cancellation.cancel();
                    return attempt.commit(spec());
                }))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    /** A commit that a later plan must look at. */
    private void rival() {
        Snapshot base = table.snapshot(SnapshotSelector.latest());
        table.commit(
                base,
                spec().withTable(new TableChange(
                        base.schema(), List.of(), Map.of("rival", "" + base.version()), Optional.empty())));
    }

    private static CommitSpec spec() {
        return CommitSpec.of(new Operation("DELETE", Map.of(), Map.of()), new Reads.WholeTable(), List.of());
    }

    private LakeTable failing(RuntimeException failure) {
        return new io.lakeops.testkit.InterposedTable(table, spec -> {
            throw failure;
        });
    }

    private Path write(String name) {
        try {
            return Files.writeString(folder.resolve(name), "x");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
