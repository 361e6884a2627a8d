package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.Nearest;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A URL of the driver, taken apart.
 *
 * @param text as it was given
 * @param warehouse the DuckDB file, or an empty text for memory
 * @param lake the folder to mount
 * @param readOnly whether writes are refused
 * @param settings of DuckDB
 */
record LakeUrl(String text, String warehouse, Optional<Path> lake, boolean readOnly, Map<String, String> settings) {
    static final String PREFIX = "jdbc:lakeops:";
    static final String LAKE = "lake";
    static final String READ_ONLY = "read_only";
    private static final List<String> OPTIONS = List.of(LAKE, READ_ONLY);

    LakeUrl {
        settings = Map.copyOf(settings);
    }

    boolean isInMemory() {
        return warehouse.isEmpty() || warehouse.equals(":memory:");
    }

    static LakeUrl parse(String url, Properties properties) {
        String rest = url.substring(PREFIX.length());
        int options = firstOf(rest);
        String warehouse = options < 0 ? rest : rest.substring(0, options);
        Map<String, String> given = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            // Tools send these two whether or not there is anybody to log in.
            if (!name.equals("user") && !name.equals("password")) {
                (OPTIONS.contains(name) ? given : settings).put(name, properties.getProperty(name));
            }
        }
        if (options >= 0) {
            for (String option : rest.substring(options + 1).split("[;&]", -1)) {
                if (!option.isBlank()) {
                    add(option, url, given);
                }
            }
        }
        Optional<Path> lake = Optional.ofNullable(given.get(LAKE)).map(Path::of);
        return new LakeUrl(url, warehouse, lake, flag(given.getOrDefault(READ_ONLY, "false")), settings);
    }

    private static void add(String option, String url, Map<String, String> given) {
        int equals = option.indexOf('=');
        String name =
                (equals < 0 ? option : option.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
        if (!OPTIONS.contains(name)) {
            throw new LakeException(
                    ErrorCode.UNKNOWN_OPTION,
                    "there is no option '" + name + "'; the nearest is '" + Nearest.of(name, OPTIONS) + "'",
                    Map.of("options", OPTIONS));
        }
        if (equals < 0 || option.substring(equals + 1).isBlank()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the option '" + name + "' has no value", Map.of("url", url));
        }
        given.put(name, option.substring(equals + 1));
    }

    private static int firstOf(String rest) {
        int question = rest.indexOf('?');
        int semicolon = rest.indexOf(';');
        return question < 0 ? semicolon : semicolon < 0 ? question : Math.min(question, semicolon);
    }

    private static boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, READ_ONLY + " is true or false, not '" + value + "'");
        };
    }
}
