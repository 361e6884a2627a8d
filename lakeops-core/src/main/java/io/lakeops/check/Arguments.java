package io.lakeops.check;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The arguments of a check, by name.
 *
 * <p>Shape: text, flags, numbers, dates and times of java.time, and lists and maps of these.
 *
 * <p>Errors: CHECK_INVALID for a value that is missing or of another kind; UNKNOWN_OPTION names the nearest argument.
 *
 * @param values by name
 */
public record Arguments(Map<String, Object> values) {
    public Arguments {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** No argument. */
    public static Arguments none() {
        return new Arguments(Map.of());
    }

    /** Refuses every argument that is not among these. */
    public void only(String... known) {
        for (String name : values.keySet()) {
            if (!Arrays.asList(known).contains(name)) {
                String nearest = known.length == 0 ? "" : "; did you mean '" + nearest(name, known) + "'?";
                throw new LakeException(
                        ErrorCode.UNKNOWN_OPTION,
                        "the check has no argument '" + name + "'" + nearest,
                        Map.of("arguments", List.of(known)));
            }
        }
    }

    public Optional<Object> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public Object require(String name) {
        return find(name)
                .orElseThrow(() -> new LakeException(
                        ErrorCode.CHECK_INVALID, "the argument '" + name + "' is missing", Map.of("given", values)));
    }

    public String text(String name) {
        if (require(name) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw wrong(name, "a text");
    }

    /** Several texts; a single one is a list of one. */
    public List<String> texts(String name) {
        Object value = require(name);
        List<?> items = value instanceof List<?> list ? list : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof String text) || text.isBlank()) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        if (texts.isEmpty()) {
            throw wrong(name, "a list that is not empty");
        }
        return texts;
    }

    public List<Object> list(String name) {
        if (require(name) instanceof List<?> list && !list.isEmpty()) {
            return List.copyOf(list);
        }
        throw wrong(name, "a list that is not empty");
    }

    public boolean flag(String name, boolean otherwise) {
        Object value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    public OptionalLong whole(String name) {
        Object value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Number) {
            try {
                return OptionalLong.of(new BigDecimal(value.toString()).longValueExact());
            } catch (ArithmeticException e) {
                throw wrong(name, "a whole number");
            }
        }
        throw wrong(name, "a whole number");
    }

    /** A length of time: a Duration, or its ISO text such as {@code PT24H}. */
    public Duration duration(String name) {
        Object value = require(name);
        if (value instanceof Duration duration) {
            return duration;
        }
        if (value instanceof String text) {
            try {
                return Duration.parse(text);
            } catch (DateTimeException e) {
                throw wrong(name, "a length of time such as PT24H");
            }
        }
        throw wrong(name, "a length of time such as PT24H");
    }

    /** Texts by name; empty where the argument is missing. */
    public Map<String, String> textMap(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Map.of();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> texts = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String text)) {
                    throw wrong(name, "texts by name");
                }
                texts.put(key, text);
            }
            return texts;
        }
        throw wrong(name, "texts by name");
    }

    /** The arguments as a JSON object. */
    public String json() {
        return Json.write(values);
    }

    private LakeException wrong(String name, String kind) {
        return new LakeException(
                ErrorCode.CHECK_INVALID, "the argument '" + name + "' is not " + kind + ": " + values.get(name));
    }

    private static String nearest(String name, String[] known) {
        String best = known[0];
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
