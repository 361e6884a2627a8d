package io.lakeops.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenancePlanTest {
    private final MaintenancePlan plan = new MaintenancePlan(
            "optimize",
            "bronze.orders",
            7,
            Instant.parse("2024-04-01T10:00:00.123456Z"),
            Map.of("target", "134217728", "where", "day = '2024-04-01' AND \"x\" > 1"),
            List.of(
                    new MaintenancePlan.Group(
                            "day=2024-04-01",
                            List.of(
                                    new MaintenancePlan.Item("a b%20\"c.parquet", 10, OptionalLong.of(5), 1, "small"),
                                    new MaintenancePlan.Item(
                                            "d.parquet", 20, OptionalLong.empty(), 2, "deleted rows"))),
                    new MaintenancePlan.Group("", List.of())));

    @Test
    void a_plan_is_the_same_after_it_went_through_json() {
        assertThat(MaintenancePlan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void a_plan_sums_up_its_groups() {
        assertThat(plan.files()).hasSize(2);
        assertThat(plan.fileBytes()).isEqualTo(30);
        assertThat(plan.isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "{\"action\":1}", "nonsense", "{\"action\":\"x\",\"table\":\"t\",\"details\":[]}"})
    void what_is_no_plan_is_refused(String text) {
        assertThatThrownBy(() -> MaintenancePlan.fromJson(text))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void file_sizes_are_told_by_nearest_rank() {
        List<DataFile> files = LongStream.of(40, 10, 30, 20)
                .mapToObj(MaintenancePlanTest::file)
                .toList();

        assertThat(MaintenanceResult.FileSizes.of(files))
                .isEqualTo(new MaintenanceResult.FileSizes(4, 100, 10, 10, 20, 30, 40));
        assertThat(MaintenanceResult.FileSizes.of(List.of(file(7))))
                .isEqualTo(new MaintenanceResult.FileSizes(1, 7, 7, 7, 7, 7, 7));
        assertThat(MaintenanceResult.FileSizes.of(List.of()))
                .isEqualTo(new MaintenanceResult.FileSizes(0, 0, 0, 0, 0, 0, 0));
    }

    private static DataFile file(long bytes) {
        return new DataFile(
                "x", Path.of("x"), Map.of(), bytes, 0, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
    }
}
