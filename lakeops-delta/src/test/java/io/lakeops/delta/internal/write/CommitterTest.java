package io.lakeops.delta.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.delta.DeltaFormat;
import io.lakeops.delta.internal.log.CommitPut;
import io.lakeops.error.CommitOutcomeUnknownException;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a commit does when the disk fails while its file gets its name. */
@SuppressWarnings("NullAway.Init")
class CommitterTest {
    private static final CommitSpec NOTHING =
            CommitSpec.of(new Operation("WRITE", Map.of(), Map.of()), new Reads.Nothing(), List.of());

    @TempDir
    Path folder;

    private LakeTable table;
    private BaseVersion base;

    @BeforeEach
    void prepare() {
        TableLocation location = new TableLocation(folder.resolve("t"));
        table = new DeltaFormat()
                .create(
                        TableId.of(location),
                        location,
                        TableSpec.of(Schema.of(Field.of("id", DataType.Primitive.LONG))),
                        Optional.empty(),
                        context());
        base = (BaseVersion) table.snapshot(SnapshotSelector.latest());
    }

    @Test
    void a_commit_that_landed_before_the_error_is_a_commit() {
        CommitResult result = commit((target, content, time) -> {
            CommitPut.put(target, content, time);
            throw new IOException("the connection was reset");
        });

        assertThat(result).isEqualTo(new CommitResult.Committed(1, 1));
    }

    @Test
    void a_commit_that_did_not_land_says_so_with_the_cause() {
        assertThatThrownBy(() -> commit((target, content, time) -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .hasMessageContaining("nothing landed");
        assertThat(table.versions().latest()).isZero();
    }

    @Test
    void a_commit_whose_outcome_can_not_be_seen_is_unknown() {
        assertThatThrownBy(() -> commit((target, content, time) -> {
                    Files.write(target, java.util.Arrays.copyOf(content, content.length / 2));
                    throw new IOException("the connection was reset");
                }))
                .isInstanceOf(CommitOutcomeUnknownException.class)
                .hasMessageContaining("version 1");
    }

    @Test
    void an_error_behind_which_another_writer_won_is_a_lost_try() {
        int[] tries = {0};

        CommitResult result = commit((target, content, time) -> {
            if (tries[0]++ == 0) {
                table.commit(table.snapshot(SnapshotSelector.latest()), NOTHING);
                throw new IOException("the connection was reset");
            }
            return CommitPut.put(target, content, time);
        });

        assertThat(result).isEqualTo(new CommitResult.Committed(2, 2));
    }

    @Test
    void a_name_that_is_taken_by_our_own_earlier_try_is_a_commit() {
        CommitResult result = commit((target, content, time) -> {
            CommitPut.put(target, content, time);
            return false;
        });

        assertThat(result).isEqualTo(new CommitResult.Committed(1, 1));
        assertThat(table.versions().latest()).isEqualTo(1);
    }

    @Test
    void a_thread_that_is_interrupted_stops_between_two_tries() {
        assertThatThrownBy(() -> commit((target, content, time) -> {
                    table.commit(table.snapshot(SnapshotSelector.latest()), NOTHING);
                    Thread.currentThread().interrupt();
                    return false;
                }))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(table.versions().latest()).isEqualTo(1);
    }

    private CommitResult commit(Committer.Put put) {
        return new Committer(folder.resolve("t"), "t", context(), put).commit(base, NOTHING);
    }

    private static LakeContext context() {
        return new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());
    }
}
