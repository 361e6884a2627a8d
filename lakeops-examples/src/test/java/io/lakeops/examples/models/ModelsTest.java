package io.lakeops.examples.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.context.LakeContext;
import io.lakeops.error.LakeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsTest {
    private static final Model A = Model.of("silver", "a", "SELECT 1 AS x -- silver.never\nFROM bronze.raw");
    private static final Model B = Model.of("silver", "b", "SELECT 'silver.never' AS y FROM silver.a");
    private static final Model C = Model.of("gold", "c", "SELECT * FROM silver.b JOIN silver.a ON true");
    private static final Instant NOW = Instant.parse("2024-04-03T03:00:00Z");

    private static List<String> tables(List<Model> models) {
        return models.stream().map(Model::table).toList();
    }

    @Test
    void a_model_stands_behind_those_that_it_reads() {
        assertThat(tables(Models.of(List.of(C, B, A)).inOrder())).containsExactly("silver.a", "silver.b", "gold.c");
    }

    @Test
    void a_selection_takes_names_layers_and_what_stands_upstream() {
        Models models = Models.of(List.of(A, B, C));
        assertThat(tables(models.select("c"))).containsExactly("gold.c");
        assertThat(tables(models.select("+gold.c"))).containsExactly("silver.a", "silver.b", "gold.c");
        assertThat(tables(models.select("b, a"))).containsExactly("silver.a", "silver.b");
        assertThat(tables(models.select("silver"))).containsExactly("silver.a", "silver.b");
        assertThatThrownBy(() -> models.select("d"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the selection names no model: 'd' {models=[silver.a, silver.b, gold.c]}");
    }

    @Test
    void models_that_wait_for_each_other_are_refused() {
        Model d = Model.of("silver", "d", "SELECT * FROM gold.e");
        Model e = Model.of("gold", "e", "SELECT * FROM silver.d");
        assertThatThrownBy(() -> Models.of(List.of(d, e)))
                .hasMessageContaining("MODEL_INVALID: models wait for each other: silver.d -> gold.e");
        assertThatThrownBy(() -> Models.of(List.of(d))).hasMessageContaining("'gold.e' is no model {model=silver.d}");
        assertThatThrownBy(() -> Models.of(List.of(A, A))).hasMessageContaining("two models make the same table");
    }

    @Test
    void the_retail_models_are_twenty() {
        assertThat(Models.retail().inOrder()).hasSize(20);
    }

    @Test
    void one_failing_model_leaves_every_table_as_it_was() throws SQLException {
        try (Connection warehouse = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = warehouse.createStatement()) {
            ModelRun run = new ModelRun(warehouse, LakeContext.standard());
            run.build(List.of(Model.of("silver", "a", "SELECT 1 AS x"), Model.of("gold", "b", "SELECT 1 AS x")), NOW);
            assertThatThrownBy(() -> run.build(
                            List.of(
                                    Model.of("silver", "a", "SELECT 2 AS x"),
                                    Model.of("gold", "b", "SELECT error('broken') AS x")),
                            NOW))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("MODEL_INVALID")
                    .hasMessageContaining("{model=gold.b}");
            try (ResultSet rows = statement.executeQuery("SELECT a.x + b.x FROM silver.a, gold.b")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(2);
            }
            run.build(List.of(Model.of("silver", "a", "SELECT 3 AS x, getvariable('as_of') AS t")), NOW);
            try (ResultSet rows =
                    statement.executeQuery("SELECT x FROM silver.a WHERE t = TIMESTAMPTZ '" + NOW + "'")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(3);
            }
        }
    }
}
