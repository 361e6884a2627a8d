package io.lakeops.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrillTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int drill(Path folder) {
        CommandLine line = LakeOpsCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute("drill", "--scale", "0.002", "--out", folder.toString());
    }

    @Test
    void every_expectation_holds_and_holds_again_on_the_same_folder(@TempDir Path folder) throws IOException {
        assertThat(drill(folder)).as(out + "\n" + err).isZero();
        assertThat(out.toString()).contains("held every row is back").doesNotContain("FAIL");
        assertThat(Files.readString(folder.resolve("operations.md"))).contains("restore-after-delete");
        assertThat(Files.readString(folder.resolve("operations.html"))).contains("<html");
        assertThat(drill(folder)).as(out + "\n" + err).isZero();
    }

    @Test
    void a_folder_with_a_lake_that_no_drill_made_is_left_alone(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("lake/bronze"));
        assertThat(drill(folder)).isEqualTo(1);
        assertThat(err.toString()).startsWith("INVALID_ARGUMENT: the folder holds 'lake', which no drill made");
        assertThat(folder.resolve("lake/bronze")).isDirectory();
        assertThat(folder).isDirectoryNotContaining(p -> p.toString().endsWith(".md"));
    }
}
