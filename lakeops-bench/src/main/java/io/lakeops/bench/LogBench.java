package io.lakeops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Measures a long log and prints a Markdown table.
 *
 * <p>Arguments: {@code [commits [files per commit [rounds [folder]]]]}; 10,000 commits of 10 files and 3 rounds unless told.
 * The first round warms up; the others are rows of the table.
 */
public final class LogBench {
    private LogBench() {}

    public static void main(String[] args) throws IOException {
        int commits = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int files = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        Path dir = args.length > 3 ? Path.of(args[3]) : Files.createTempDirectory("lakeops-log-bench");
        LogWorkload workload = new LogWorkload(dir, commits, files);
        System.out.println(
                "| files | load and list | write a checkpoint | load and list with it | a first commit | a later commit |"
                        + "\n|---|---|---|---|---|---|");
        for (int i = 0; i < rounds; i++) {
            LogWorkload.Round round = workload.round(i);
            if (i > 0) {
                System.out.println(row(round));
            }
        }
    }

    static String row(LogWorkload.Round round) {
        return String.format(
                Locale.ROOT,
                "| %d | %.2f s | %.2f s | %.2f s | %.1f ms | %.1f ms |",
                round.files(),
                round.listing(),
                round.checkpoint(),
                round.checkpointed(),
                round.first() * 1_000,
                round.later() * 1_000);
    }
}
