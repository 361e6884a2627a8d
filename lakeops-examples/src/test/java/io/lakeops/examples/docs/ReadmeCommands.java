package io.lakeops.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of README's blocks that are marked to be run. */
public final class ReadmeCommands {
    private static final String MARKER = "<!-- run: shell -->";
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private ReadmeCommands() {}

    /** Each command's words after {@code ./lakeops}. */
    public static List<List<String>> words() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        boolean marked = false;
        for (String line : Files.readAllLines(Path.of("").toAbsolutePath().resolveSibling("README.md"))) {
            if (line.equals(MARKER)) {
                marked = true;
            } else if (line.equals("```")) {
                marked = false;
            } else if (marked && !line.startsWith("```")) {
                List<String> words = new ArrayList<>();
                Matcher word = WORD.matcher(line);
                while (word.find()) {
                    words.add(word.group(1) == null ? word.group(2) : word.group(1));
                }
                if (!words.remove(0).equals("./lakeops")) {
                    throw new IllegalStateException("not a command of ours: " + line);
                }
                commands.add(words);
            }
        }
        return commands;
    }
}
