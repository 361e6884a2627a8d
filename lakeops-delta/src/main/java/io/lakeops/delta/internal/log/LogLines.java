package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines of a file of the log. A file without end is told by its first line that is longer than one can be in good faith: what is read
 * of it is bounded.
 *
 * <p>Errors: LOG_CORRUPT for a line of more than 32 MiB.
 */
public final class LogLines {
    /** A schema of 100,000 columns is a tenth of it. */
    private static final int LONGEST = 32 << 20;

    private LogLines() {}

    /** All lines that are not blank. */
    static List<String> of(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        read(file, Integer.MAX_VALUE, lines);
        return lines;
    }

    /** The first line that is not blank. */
    public static Optional<String> first(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        read(file, 1, lines);
        return lines.stream().findFirst();
    }

    private static void read(Path file, int most, List<String> lines) throws IOException {
        byte[] block = new byte[1 << 16];
        ByteArrayOutputStream begun = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(block); length >= 0; length = in.read(block)) {
                int from = 0;
                for (int at = 0; at < length; at++) {
                    if (block[at] == '\n') {
                        begun.write(block, from, at - from);
                        end(begun, lines);
                        if (lines.size() == most) {
                            return;
                        }
                        from = at + 1;
                    }
                }
                begun.write(block, from, length - from);
                if (begun.size() > LONGEST) {
                    throw new LakeException(
                            ErrorCode.LOG_CORRUPT,
                            "a file of the log has a line longer than " + (LONGEST >> 20) + " MiB",
                            Map.of("file", file.toString(), "line", lines.size() + 1, "bytes", Files.size(file)));
                }
            }
        }
        end(begun, lines);
    }

    private static void end(ByteArrayOutputStream begun, List<String> lines) {
        String line = begun.toString(StandardCharsets.UTF_8);
        begun.reset();
        if (!line.isBlank()) {
            lines.add(line);
        }
    }
}
