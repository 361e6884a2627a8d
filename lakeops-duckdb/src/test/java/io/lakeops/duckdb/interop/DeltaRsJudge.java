package io.lakeops.duckdb.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lakeops.duckdb.interop.JudgeProcess.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** delta-rs by its Python package, where both are there. */
final class DeltaRsJudge implements AutoCloseable {
    private static final String PYTHON = System.getProperty("lakeops.python", "python3");

    private final JudgeProcess process;

    private DeltaRsJudge(JudgeProcess process) {
        this.process = process;
    }

    /** Skips the test that asks for it, saying why, where Python or the package is missing. */
    static DeltaRsJudge start(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                installed(),
                "delta-rs does not judge: '" + PYTHON + "' has no packages deltalake and pyarrow; pip install deltalake"
                        + " pyarrow, or name a Python that has them by -Dlakeops.python");
        Path program = folder.resolve("delta_rs_judge.py");
        try (InputStream in =
                Objects.requireNonNull(DeltaRsJudge.class.getResourceAsStream("/interop/delta_rs_judge.py"))) {
            Files.copy(in, program);
        }
        return new DeltaRsJudge(new JudgeProcess(List.of(PYTHON, program.toString()), folder.resolve("delta-rs.log")));
    }

    private static boolean installed() throws InterruptedException {
        try {
            Process probe = new ProcessBuilder(PYTHON, "-c", "import deltalake, pyarrow")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException noPython) {
            return false;
        }
    }

    Answer read(Path table, long version) {
        return process.ask(Map.of("do", "read", "table", table.toString(), "version", version));
    }

    Answer change(Path table, String what) {
        return process.ask(Map.of("do", what, "table", table.toString()));
    }

    Answer delete(Path table, String predicate) {
        return process.ask(Map.of("do", "delete", "table", table.toString(), "predicate", predicate));
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
