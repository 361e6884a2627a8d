package io.lakeops.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.check.StatisticsRule;
import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.quality.LogAnswers.Answer;
import io.lakeops.table.ColumnStatistics;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.Field;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Literal;
import io.lakeops.table.Operation;
import io.lakeops.table.Predicate;
import io.lakeops.table.Predicate.Operator;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogAnswersTest {
    private static final Schema SCHEMA = Schema.of(
            Field.of("n", Primitive.LONG),
            Field.of("x", Primitive.DOUBLE),
            Field.of("s", Primitive.STRING),
            Field.of("at", Primitive.TIMESTAMP),
            Field.of("local", Primitive.TIMESTAMP_NTZ),
            Field.of("day", Primitive.DATE));

    @TempDir
    Path folder;

    private Snapshot snapshot;

    @BeforeEach
    void table() {
        LakeContext context = LakeContext.standard().withListener(LakeListener.silent());
        LakeTable table = new MemoryFormat()
                .create(
                        new TableId("bronze", "t"),
                        new TableLocation(folder.resolve("t")),
                        TableSpec.of(SCHEMA, "day"),
                        Optional.empty(),
                        context);
        table.commit(
                table.snapshot(SnapshotSelector.latest()),
                CommitSpec.append(new Operation("WRITE", Map.of(), Map.of()), List.of(file(100, 3, 1, 9))));
        snapshot = table.snapshot(SnapshotSelector.latest());
    }

    private DataFile file(long rows, long nulls, Object min, Object max) {
        return file(
                Optional.of(new FileStatistics.Measured(
                        rows,
                        Map.of(
                                List.of("n"),
                                new ColumnStatistics(
                                        OptionalLong.of(nulls),
                                        Optional.of(new Literal(((Number) min).longValue())),
                                        Optional.of(new Literal(((Number) max).longValue()))),
                                List.of("x"),
                                new ColumnStatistics(
                                        OptionalLong.of(nulls),
                                        Optional.of(new Literal(1.0)),
                                        Optional.of(new Literal(9.0))),
                                List.of("s"),
                                new ColumnStatistics(
                                        OptionalLong.of(nulls),
                                        Optional.of(new Literal("a")),
                                        Optional.of(new Literal("b")))))),
                Optional.empty(),
                "2024-04-01");
    }

    private DataFile file(Optional<FileStatistics> statistics, Optional<DeletionVector> vector, @Nullable String day) {
        return new DataFile(
                "f.parquet",
                folder.resolve("t/f.parquet"),
                Collections.singletonMap("day", day),
                1000,
                0,
                statistics,
                vector,
                Map.of(),
                Optional.empty());
    }

    private static DataFile deleting(DataFile file, long... positions) {
        return new DataFile(
                file.path(),
                file.location(),
                file.partitionValues(),
                file.fileBytes(),
                file.modificationTime(),
                file.statistics(),
                Optional.of(MemoryFormat.vector(positions)),
                file.tags(),
                file.rowTracking());
    }

    private Optional<Answer> ask(StatisticsRule rule, DataFile file) {
        return new LogAnswers(snapshot).of(rule, file);
    }

    @Test
    void rows_are_those_of_the_file_less_those_deleted() {
        DataFile file = file(100, 3, 1, 9);
        assertThat(ask(new StatisticsRule.RowCount(), file)).contains(new Answer(100L));
        assertThat(ask(new StatisticsRule.RowCount(), deleting(file, 0, 7))).contains(new Answer(98L));
        assertThat(ask(new StatisticsRule.RowCount(), file(Optional.empty(), Optional.empty(), "2024-04-01")))
                .isEmpty();
    }

    @Test
    void under_a_deletion_vector_only_no_null_and_only_nulls_are_proven() {
        StatisticsRule nulls = new StatisticsRule.NullCount("n");
        assertThat(ask(nulls, file(100, 3, 1, 9))).contains(new Answer(3L));
        assertThat(ask(nulls, deleting(file(100, 3, 1, 9), 0, 7))).isEmpty();
        assertThat(ask(nulls, deleting(file(100, 0, 1, 9), 0, 7))).contains(new Answer(0L));
        assertThat(ask(nulls, deleting(file(100, 100, 1, 9), 0, 7))).contains(new Answer(98L));
    }

    @Test
    void bounds_are_values_only_where_they_are_exact() {
        DataFile file = file(100, 3, 1, 9);
        assertThat(ask(new StatisticsRule.Least("n"), file)).contains(new Answer(1L));
        assertThat(ask(new StatisticsRule.Greatest("n"), file)).contains(new Answer(9L));
        assertThat(ask(new StatisticsRule.Greatest("x"), file))
                .as("NaN is in no bound")
                .isEmpty();
        assertThat(ask(new StatisticsRule.Greatest("s"), file))
                .as("text may be cut")
                .isEmpty();
        assertThat(ask(new StatisticsRule.Greatest("n"), deleting(file, 4)))
                .as("the row with the bound may be deleted")
                .isEmpty();
        assertThat(ask(new StatisticsRule.Greatest("n"), file(100, 100, 1, 9)))
                .as("nothing but nulls adds nothing")
                .contains(new Answer(null));
    }

    @Test
    void the_bounds_of_an_instant_are_cut_and_so_no_values() {
        Literal at = new Literal(Instant.parse("2024-04-01T00:00:00.123Z"));
        Literal local = new Literal(LocalDateTime.parse("2024-04-01T00:00:00.123"));
        DataFile file = file(
                Optional.of(new FileStatistics.Measured(
                        5,
                        Map.of(
                                List.of("at"),
                                new ColumnStatistics(OptionalLong.of(0), Optional.of(at), Optional.of(at)),
                                List.of("local"),
                                new ColumnStatistics(OptionalLong.of(0), Optional.of(local), Optional.of(local))))),
                Optional.empty(),
                "2024-04-01");
        for (String column : List.of("at", "local")) {
            assertThat(ask(new StatisticsRule.Least(column), file)).isEmpty();
            assertThat(ask(new StatisticsRule.Greatest(column), file)).isEmpty();
            assertThat(ask(new StatisticsRule.NullCount(column), file)).contains(new Answer(0L));
        }
    }

    @Test
    void wide_bounds_are_no_values() {
        FileStatistics tight = file(100, 3, 1, 9).statistics().orElseThrow();
        FileStatistics wide = new FileStatistics() {
            @Override
            public OptionalLong rows() {
                return tight.rows();
            }

            @Override
            public boolean tightBounds() {
                return false;
            }

            @Override
            public ColumnStatistics column(List<String> path) {
                return tight.column(path);
            }
        };
        DataFile file = file(Optional.of(wide), Optional.empty(), "2024-04-01");
        assertThat(ask(new StatisticsRule.Greatest("n"), file)).isEmpty();
        assertThat(ask(new StatisticsRule.RowCount(), file)).contains(new Answer(100L));
    }

    @Test
    void a_partition_column_is_known_without_statistics() {
        DataFile file = file(100, 3, 1, 9);
        assertThat(ask(new StatisticsRule.NullCount("day"), file)).contains(new Answer(0L));
        assertThat(ask(new StatisticsRule.Greatest("day"), file))
                .contains(new Answer(java.time.LocalDate.of(2024, 4, 1)));
        DataFile none = file(file.statistics(), Optional.empty(), null);
        assertThat(ask(new StatisticsRule.NullCount("day"), none)).contains(new Answer(100L));
        assertThat(ask(new StatisticsRule.Greatest("day"), none)).contains(new Answer(null));
    }

    @Test
    void a_file_that_the_condition_rules_out_adds_nothing() {
        DataFile file = file(100, 3, 1, 9);
        assertThat(ask(new StatisticsRule.NothingOutside(Predicate.compare("n", Operator.LESS, 1L)), file))
                .contains(new Answer(null));
        assertThat(ask(new StatisticsRule.NothingOutside(Predicate.compare("n", Operator.LESS, 2L)), file))
                .isEmpty();
        assertThat(ask(new StatisticsRule.NothingOutside(Predicate.always()), file))
                .isEmpty();
    }

    @Test
    void a_column_without_statistics_is_left_to_a_scan() {
        DataFile file = file(Optional.of(new FileStatistics.Measured(5, Map.of())), Optional.empty(), "2024-04-01");
        assertThat(ask(new StatisticsRule.NullCount("n"), file)).isEmpty();
        assertThat(ask(new StatisticsRule.Least("n"), file)).isEmpty();
    }
}
