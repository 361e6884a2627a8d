package io.lakeops.examples;

import io.lakeops.context.LakeContext;
import io.lakeops.examples.models.Model;
import io.lakeops.examples.models.ModelRun;
import io.lakeops.examples.models.Models;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code run-models}: silver and gold from bronze, all models or none. */
@Command(
        name = "run-models",
        mixinStandardHelpOptions = true,
        description = "Builds silver and gold in the warehouse from the lake's bronze tables, in one transaction.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunModels implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Option(
            names = {"--select", "--models"},
            paramLabel = "SEL",
            description = "Models or layers, with commas; +name adds what it reads (default: all).")
    private @Nullable String selection;

    @Option(names = "--as-of", paramLabel = "INSTANT", description = "The moment to judge by (default: now).")
    private @Nullable Instant asOf;

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        LakeContext context =
                LakeOpsCommand.context(ConsoleProgress.all(spec.commandLine().getErr()));
        Models all = Models.retail();
        List<Model> models = selection == null ? all.inOrder() : all.select(selection);
        Path lake = options.requireLake();
        Path warehouse = options.warehouseToWrite();
        try (Connection connection = LakeOptions.connect(Optional.of(warehouse), Optional.of(lake), context)) {
            new ModelRun(connection, context)
                    .build(models, asOf != null ? asOf : context.clock().instant())
                    .forEach(b -> out.printf(
                            "%s %d rows, %d ms%n", b.table(), b.rows(), b.took().toMillis()));
        }
        KeptRelations.keep(lake, warehouse, context);
        out.flush();
        return 0;
    }
}
