package io.lakeops.duckdb.lake;

import io.lakeops.context.Run;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code lakeops_…} options of a connection.
 *
 * <p>Errors: UNKNOWN_OPTION naming the nearest; INVALID_ARGUMENT.
 *
 * <p>Threads: one at a time.
 */
public final class Settings {
    static final String ALLOWED_ROOTS = "lakeops_allowed_roots";
    static final String RETENTION_CHECK = "lakeops_retention_check";
    static final String COMMIT_TIMEOUT = "lakeops_commit_timeout";
    static final String PARTITION_OVERWRITE = "lakeops_partition_overwrite";
    private static final List<String> NAMES =
            List.of(ALLOWED_ROOTS, COMMIT_TIMEOUT, PARTITION_OVERWRITE, RETENTION_CHECK);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|m|h)?");

    private List<Path> allowedRoots = List.of();
    private boolean retentionCheck = true;
    private Duration commitTimeout = Run.DEFAULT_COMMIT_TIMEOUT;
    private boolean dynamicPartitions;

    /** Folders in which files of any table may be, where its log names them by absolute paths. */
    List<Path> allowedRoots() {
        return allowedRoots;
    }

    /** Whether VACUUM may not go below the table's own retention. */
    public boolean retentionCheck() {
        return retentionCheck;
    }

    /** How long a statement is planned again after conflicts. */
    public Duration commitTimeout() {
        return commitTimeout;
    }

    /** Whether INSERT OVERWRITE takes only the partitions that new rows fall into. */
    boolean dynamicPartitions() {
        return dynamicPartitions;
    }

    /** Sets an option, or takes it back to its default. */
    void set(String name, Optional<String> value, boolean readOnly) {
        switch (name) {
            case ALLOWED_ROOTS -> allowedRoots = value.map(Settings::roots).orElse(List.of());
            case RETENTION_CHECK -> {
                boolean check = value.map(v -> flag(name, v)).orElse(true);
                if (readOnly && !check) {
                    throw new LakeException(
                            ErrorCode.READ_ONLY, "a read-only connection can't set " + name + " = false");
                }
                retentionCheck = check;
            }
            case COMMIT_TIMEOUT ->
                commitTimeout = value.map(v -> duration(name, v)).orElse(Run.DEFAULT_COMMIT_TIMEOUT);
            case PARTITION_OVERWRITE ->
                dynamicPartitions = value.map(v -> dynamic(name, v)).orElse(false);
            default ->
                throw new LakeException(
                        ErrorCode.UNKNOWN_OPTION,
                        "there is no option '" + name + "'; the nearest is '" + Nearest.of(name, NAMES) + "'",
                        Map.of("options", NAMES));
        }
    }

    LiteralTable table() {
        return LiteralTable.of("name VARCHAR", "value VARCHAR", "default_value VARCHAR", "description VARCHAR")
                .with(
                        ALLOWED_ROOTS,
                        Json.write(allowedRoots.stream().map(Path::toString).toList()),
                        "[]",
                        "folders in which files of tables may be beside the table's own, as those of a shallow clone are")
                .with(
                        COMMIT_TIMEOUT,
                        text(commitTimeout),
                        text(Run.DEFAULT_COMMIT_TIMEOUT),
                        "how long a statement whose commit conflicts is planned again on the newest version")
                .with(
                        PARTITION_OVERWRITE,
                        dynamicPartitions ? "dynamic" : "static",
                        "static",
                        "what INSERT OVERWRITE replaces: all that PARTITION names (static), or the partitions that rows come to"
                                + " (dynamic)")
                .with(
                        RETENTION_CHECK,
                        Boolean.toString(retentionCheck),
                        "true",
                        "whether VACUUM refuses to go below the table's own retention");
    }

    /** One path, or several in brackets. */
    private static List<Path> roots(String value) {
        List<Path> roots = new ArrayList<>();
        for (String path : texts(value)) {
            if (path.isBlank()) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, ALLOWED_ROOTS + " takes paths of folders, not ''");
            }
            roots.add(TablePaths.location(path).root());
        }
        return List.copyOf(roots);
    }

    private static List<String> texts(String value) {
        if (!value.startsWith("[")) {
            return List.of(value);
        }
        List<String> texts = new ArrayList<>();
        if (Json.parse(value) instanceof List<?> items) {
            items.forEach(item -> texts.add(String.valueOf(item)));
        }
        return texts;
    }

    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static boolean flag(String name, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "on", "1" -> true;
            case "false", "off", "0" -> false;
            default ->
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, name + " is true or false, not '" + value + "'");
        };
    }

    private static boolean dynamic(String name, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "dynamic" -> true;
            case "static" -> false;
            default ->
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, name + " is 'static' or 'dynamic', not '" + value + "'");
        };
    }

    private static Duration duration(String name, String value) {
        Matcher matcher = DURATION.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    name + " is a duration such as 60 (seconds), '500 ms' or '2 min', not '" + value + "'");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null) {
            return Duration.ofSeconds(number);
        }
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "h" -> Duration.ofHours(number);
            case "m", "min" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
