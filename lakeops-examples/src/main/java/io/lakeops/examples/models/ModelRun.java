package io.lakeops.examples.models;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeEvent;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds models in a warehouse in one transaction: whoever reads sees all of the old tables until all of the new ones
 * are there.
 *
 * <p>Errors: MODEL_INVALID names the model whose query failed; then every table is as it was.
 *
 * <p>Threads: for the thread that has the connection.
 */
public final class ModelRun {
    private final Connection warehouse;
    private final LakeContext context;

    public ModelRun(Connection warehouse, LakeContext context) {
        this.warehouse = warehouse;
        this.context = context;
    }

    /** A model that was built. */
    public record Built(String table, long rows, Duration took) {}

    /** Builds models, in the order given; queries see {@code asOf} as the variable {@code as_of}. */
    public List<Built> build(List<Model> models, Instant asOf) {
        List<Built> built = new ArrayList<>();
        try (Statement statement = warehouse.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET VARIABLE as_of = TIMESTAMPTZ '" + asOf + "'");
            for (String layer : models.stream().map(Model::layer).distinct().toList()) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + layer);
            }
            warehouse.setAutoCommit(false);
            try {
                for (Model model : models) {
                    built.add(build(model, statement));
                    context.listener()
                            .on(new LakeEvent.Progress(
                                    "run-models", model.table(), built.size(), models.size(), "models"));
                }
                warehouse.commit();
            } catch (SQLException | RuntimeException e) {
                warehouse.rollback();
                throw e;
            } finally {
                warehouse.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new LakeException(ErrorCode.ENGINE_FAILED, "the models could not be built", e);
        }
        return built;
    }

    private Built build(Model model, Statement statement) throws SQLException {
        Instant begin = context.clock().instant();
        try {
            statement.execute("CREATE OR REPLACE TABLE " + model.table() + " AS\n" + model.sql());
        } catch (SQLException e) {
            throw new LakeException(
                    ErrorCode.MODEL_INVALID,
                    "the model's query failed: " + e.getMessage(),
                    Map.of("model", model.table()),
                    e);
        }
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + model.table())) {
            rows.next();
            return new Built(
                    model.table(),
                    rows.getLong(1),
                    Duration.between(begin, context.clock().instant()));
        }
    }
}
