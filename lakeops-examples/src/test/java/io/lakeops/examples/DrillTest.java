package io.lakeops.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.examples.docs.ReadmeCommands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DrillTest {
    @TempDir
    Path folder;

    @Test
    void every_expectation_holds_and_the_report_stands_beside_the_lake() throws IOException {
        StringWriter out = new StringWriter();
        assertThat(drill(out)).as(out.toString()).isZero();

        String markdown = Files.readString(folder.resolve("operations.md"));
        assertThat(markdown)
                .contains(
                        "## Incremental runs",
                        "## Time travel",
                        "## Benchmarks before and after",
                        "## Quality monitoring",
                        "## Recovery procedures",
                        "## Schema evolution",
                        "## Retention policy",
                        "## Pruning",
                        "## Lessons")
                .as("instants and times as ./lakeops sql shows them")
                .containsPattern("2024-04-0\\d\\D\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00")
                .doesNotContain("Optional", "03:00Z");
        assertThat(folder.resolve("operations.html")).isNotEmptyFile();
        try (var files = Files.list(folder.resolve("duckdb"))) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactly("warehouse.duckdb");
        }
        everyCommandOfTheReadmeRuns();
    }

    private void everyCommandOfTheReadmeRuns() throws IOException {
        List<List<String>> commands = ReadmeCommands.words();
        assertThat(commands).isNotEmpty();
        for (List<String> words : commands) {
            // A process of its own, because README's paths are relative to the folder that the reader stands in.
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    LakeOpsCommand.class.getName()));
            command.addAll(words);
            Path printed = folder.resolve("printed.txt");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            int code = process.onExit().orTimeout(2, TimeUnit.MINUTES).join().exitValue();
            assertThat(code).as("%s: %s", words, Files.readString(printed)).isZero();
            assertThat(Files.readString(printed)).as("what %s prints", words).isNotBlank();
        }
    }

    @Test
    void a_folder_with_data_of_others_is_left_alone() throws IOException {
        Path mine = Files.createDirectories(folder.resolve("lake")).resolve("mine.txt");
        Files.writeString(mine, "precious");
        StringWriter out = new StringWriter();

        assertThat(drill(out)).isEqualTo(1);

        assertThat(out.toString()).contains("INVALID_ARGUMENT", "was made by no drill");
        assertThat(mine).hasContent("precious");
    }

    @Test
    void a_report_of_others_is_left_alone() throws IOException {
        Path mine = folder.resolve("operations.md");
        Files.writeString(mine, "precious");

        assertThat(drill(new StringWriter())).isEqualTo(1);

        assertThat(mine).hasContent("precious");
    }

    @Test
    void two_drills_do_not_play_in_one_folder() throws IOException {
        Path kept = Files.createDirectories(folder.resolve("lake")).resolve("of-the-first.txt");
        Files.writeString(kept, "in use");
        try (FileChannel first = FileChannel.open(
                folder.resolve(".lakeops-drill"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            first.lock();
            StringWriter out = new StringWriter();

            assertThat(drill(out)).isEqualTo(1);

            assertThat(out.toString()).startsWith("INVALID_ARGUMENT: another drill is running in this folder");
        }
        assertThat(kept).hasContent("in use");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "101", "0.0000001", "0.0099", "1e999999999"})
    void a_scale_that_is_none_is_refused_before_the_last_drill_is_cleared_away(String scale) throws IOException {
        Files.createFile(folder.resolve(".lakeops-drill"));
        Path kept = Files.createDirectories(folder.resolve("lake")).resolve("of-the-last.txt");
        Files.writeString(kept, "to look at");
        StringWriter out = new StringWriter();

        assertThat(drill(out, scale)).isEqualTo(1);

        assertThat(out.toString())
                .startsWith("INVALID_ARGUMENT: the ")
                .contains("scale")
                .hasSizeLessThan(300);
        assertThat(kept).hasContent("to look at");
    }

    private int drill(StringWriter out) {
        return drill(out, "0.02");
    }

    private int drill(StringWriter out, String scale) {
        CommandLine line = LakeOpsCommand.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(out));
        return line.execute("drill", "--scale", scale, "--out", folder.toString());
    }
}
