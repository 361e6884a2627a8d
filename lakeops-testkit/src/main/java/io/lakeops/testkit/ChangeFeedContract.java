package io.lakeops.testkit;

import static io.lakeops.testkit.TestTable.assertFails;
import static io.lakeops.testkit.TestTable.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.change.ChangeFeed;
import io.lakeops.change.ChangePlan;
import io.lakeops.change.Delete;
import io.lakeops.change.Upsert;
import io.lakeops.context.Cancellation;
import io.lakeops.context.LakeEvent;
import io.lakeops.engine.Expr;
import io.lakeops.error.ErrorCode;
import io.lakeops.recovery.Restore;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changed between versions, on every pair of format and engine. */
public interface ChangeFeedContract extends OperationsSubject {
    /** The changes as {@code 1|a|d1 insert 2}, sorted. */
    static List<String> changes(TestTable t, ChangeFeed feed) {
        ChangePlan plan = feed.plan(t.reopened(), t.run().context());
        return t.session().rows(plan.rows(), 1_000, new Cancellation()).rows().stream()
                .map(row -> row.subList(0, 3).stream().map(String::valueOf).collect(Collectors.joining("|")) + " "
                        + row.get(3) + " " + row.get(4))
                .sorted()
                .toList();
    }

    @Test
    default void rows_that_were_only_rewritten_are_no_change_and_duplicates_count(@TempDir Path folder) {
        try (TestTable t = TestTable.byDay(this, folder)) {
            t.append("(1, 'a', 'd1'), (2, 'b', 'd1'), (2, 'b', 'd1'), (3, 'c', 'd 2%')");
            Upsert.of(values("(1, 'A', 'd1'), (NULL, 'n', 'd1')"), "id").run(t.table(), t.session(), t.run());
            Delete.where(Expr.of("id = 2")).run(t.table(), t.session(), t.run());
            Restore.toVersion(2).run(t.table(), t.run());

            assertThat(changes(t, ChangeFeed.between(0, 1)))
                    .containsExactly("1|a|d1 insert 1", "2|b|d1 insert 1", "2|b|d1 insert 1", "3|c|d 2% insert 1");
            assertThat(changes(t, ChangeFeed.since(2)))
                    .containsExactly(
                            "1|A|d1 insert 2",
                            "1|a|d1 delete 2",
                            "2|b|d1 delete 3",
                            "2|b|d1 delete 3",
                            "2|b|d1 insert 4",
                            "2|b|d1 insert 4",
                            "null|n|d1 insert 2");
            assertThat(changes(t, ChangeFeed.between(2, 2).withKey("id")))
                    .containsExactly("1|A|d1 update_postimage 2", "1|a|d1 update_preimage 2", "null|n|d1 insert 2");
            assertThat(changes(t, ChangeFeed.between(3, 3).withKey("id")))
                    .containsExactly("2|b|d1 delete 3", "2|b|d1 delete 3");
        }
    }

    @Test
    default void a_range_is_found_by_time_and_what_is_computed_is_said(@TempDir Path folder) {
        try (TestTable t = TestTable.plain(this, folder)) {
            t.append("(1, 'a', 'd1')");
            t.append("(2, 'b', 'd1')");
            ChangePlan plan = ChangeFeed.since(t.at(1).timestamp().plusNanos(1))
                    .plan(t.table(), t.run().context());

            assertThat(plan.from()).isEqualTo(2);
            assertThat(plan.to()).isEqualTo(2);
            assertThat(plan.recorded()).isFalse();
            assertThat(t.events())
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    LakeEvent.Warning.class,
                                    warning -> assertThat(warning.text()).contains("no change feed")));
            assertThat(changes(
                            t, ChangeFeed.between(t.at(0).timestamp(), t.at(1).timestamp())))
                    .containsExactly("1|a|d1 insert 1");
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> changes(t, ChangeFeed.between(2, 1)));
            assertFails(ErrorCode.VERSION_NOT_FOUND, () -> changes(t, ChangeFeed.between(1, 3)));
            assertFails(
                    ErrorCode.TIMESTAMP_OUT_OF_RANGE,
                    () -> changes(t, ChangeFeed.since(t.at(2).timestamp().plusMillis(1))));
        }
    }
}
