package io.lakeops.examples;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.generate.Generator;
import io.lakeops.examples.generate.Run;
import io.lakeops.examples.retail.RetailSource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code generate-data}: raw files of the retail lake, the same bytes for the same arguments. */
@Command(
        name = "generate-data",
        mixinStandardHelpOptions = true,
        description = "Writes raw files of all eleven sources, with planted faults that manifest.json counts.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateData implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", defaultValue = "43", description = "Another seed gives other facts (default: 43).")
    private long seed;

    @Option(names = "--start-date", required = true, paramLabel = "DATE", description = "The first day, as 2024-04-01.")
    private LocalDate start;

    @Option(names = "--days", defaultValue = "1", description = "How many days of facts (default: 1).")
    private int days;

    @Option(names = "--scale", defaultValue = "1", description = "0.001 to 100; 1 is 12.7 million rows in 30 days.")
    private BigDecimal scale;

    @Option(names = "--late", defaultValue = "0", paramLabel = "N", description = "N order files arrive a day late.")
    private int late;

    @Option(names = "--avro", split = ",", paramLabel = "SOURCE", description = "Sources whose files are to be Avro.")
    private List<String> avro = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private Path out;

    @Override
    public void run() {
        Set<RetailSource> inAvro = EnumSet.noneOf(RetailSource.class);
        for (String name : avro) {
            inAvro.add(RetailSource.named(name)
                    .orElseThrow(() -> new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "there is no source '" + name + "'",
                            Map.of("sources", RetailSource.names()))));
        }
        new Generator(ConsoleProgress.all(spec.commandLine().getErr()))
                .generate(new Run(seed, start, days, scale, late, inAvro), out);
    }
}
