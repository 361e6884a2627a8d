package io.lakeops.duckdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was done to one file of a table.
 *
 * @param isGuarded whether a reader can know: the file is redundant, has a checksum, or keeps its meaning
 */
record Damage(String file, String how, boolean isGuarded) {
    private static final List<String> TOKENS = List.of(
            "null",
            "-1",
            "9223372036854775808",
            "1e400",
            "1e999999999",
            "\"\"",
            "\"x\"",
            "true",
            "[]",
            "{}",
            "[[[[]]]]",
            "\"\\u0000\"",
            "-0.0",
            "\"2024-13-45T99:99:99Z\"");
    private static final Pattern VALUE =
            Pattern.compile("(?<=:)(\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9.]+|true|false|\\{}|\\[])");

    @Override
    public String toString() {
        return file + " " + how;
    }

    /** Damages a file of the table: first its kind is drawn, then the file. */
    static Damage any(Path table, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(table)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        String kind = List.of(
                        "json",
                        "json",
                        "json",
                        "json",
                        "data",
                        "checkpoint",
                        "checkpoint",
                        "bin",
                        "crc",
                        "_last_checkpoint")
                .get(random.nextInt(10));
        List<Path> ofKind = files.stream().filter(f -> kind(f).equals(kind)).toList();
        List<Path> drawn = ofKind.isEmpty() ? files : ofKind;
        Path file = drawn.get(random.nextInt(drawn.size()));
        FileTime time = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        String how = kind(file).equals("json") && random.nextInt(3) > 0 ? null : bytes(bytes, kind(file), random, file);
        boolean guarded;
        if (how == null) {
            int way = random.nextInt(6);
            how = lines(file, new String(bytes, StandardCharsets.UTF_8), way, random);
            guarded = way < 2;
        } else {
            guarded = List.of("bin", "crc", "_last_checkpoint").contains(kind(file));
        }
        Files.setLastModifiedTime(file, time);
        return new Damage(table.relativize(file).toString(), how, guarded);
    }

    private static String kind(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.contains("checkpoint") && !name.equals("_last_checkpoint")) {
            return "checkpoint";
        }
        if (name.equals("_last_checkpoint")) {
            return name;
        }
        String end = name.substring(name.lastIndexOf('.') + 1);
        return end.equals("parquet") ? (file.toString().contains("_sidecars") ? "checkpoint" : "data") : end;
    }

    private static String bytes(byte[] bytes, String kind, Random random, Path file) throws IOException {
        if (bytes.length == 0) {
            Files.write(file, new byte[] {(byte) random.nextInt()});
            return "was empty and got a byte";
        }
        boolean footer = kind.equals("data") || (kind.equals("checkpoint") && random.nextBoolean());
        if (random.nextInt(4) == 0) {
            int length = random.nextInt(bytes.length);
            Files.write(file, Arrays.copyOf(bytes, length));
            return "cut to " + length + " of " + bytes.length + " bytes";
        }
        int from = footer && bytes.length > 12 ? footer(bytes) : 0;
        int changes = 1 + random.nextInt(3);
        StringBuilder how = new StringBuilder("byte");
        for (int i = 0; i < changes; i++) {
            int at = from + random.nextInt(bytes.length - from);
            bytes[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : 1 + random.nextInt(255));
            how.append(' ').append(at);
        }
        Files.write(file, bytes);
        return how + " of " + bytes.length + " changed";
    }

    private static int footer(byte[] bytes) {
        int n = bytes.length;
        int length = (bytes[n - 8] & 255)
                | (bytes[n - 7] & 255) << 8
                | (bytes[n - 6] & 255) << 16
                | (bytes[n - 5] & 255) << 24;
        return Math.max(0, Math.min(n - 1, n - 8 - length));
    }

    private static String lines(Path file, String text, int way, Random random) throws IOException {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int at = random.nextInt(lines.size());
        String how;
        switch (way) {
            case 0 -> {
                Collections.shuffle(lines.subList(Math.min(1, lines.size()), lines.size()), random);
                how = "lines in another order";
            }
            case 1 -> {
                lines.add(at, lines.get(at));
                how = "line " + at + " twice";
            }
            case 2 -> {
                lines.remove(at);
                how = "without line " + at;
            }
            default -> {
                String line = lines.get(at);
                List<MatchResult> values = VALUE.matcher(line).results().toList();
                if (values.isEmpty()) {
                    return "unchanged";
                }
                MatchResult value = values.get(random.nextInt(values.size()));
                String token = TOKENS.get(random.nextInt(TOKENS.size()));
                lines.set(at, line.substring(0, value.start()) + token + line.substring(value.end()));
                how = "line " + at + ": " + line.substring(Math.max(0, value.start() - 30), value.start()) + token;
            }
        }
        Files.writeString(file, String.join("\n", lines) + "\n");
        return how;
    }
}
