package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of the log whose fields are read by type.
 *
 * <p>Errors: LOG_CORRUPT that names {@code where} for a field that is missing or of another type.
 *
 * @param where the file, and line where known, for messages
 */
public record JsonObject(Map<String, @Nullable Object> values, String where) {

    static JsonObject parse(String line, String where) {
        try {
            return new JsonObject(Json.parseObject(line), where);
        } catch (LakeException e) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT, "a line of the log is no JSON object", Map.of("file", where), e);
        }
    }

    public boolean has(String name) {
        return values.get(name) != null;
    }

    public String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    public Optional<String> optionalText(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw mistyped(name, "a text");
    }

    public long number(String name) {
        return optionalNumber(name).orElseThrow(() -> missing(name));
    }

    public OptionalLong optionalNumber(String name) {
        Object value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number) {
            return OptionalLong.of(number);
        }
        throw mistyped(name, "a whole number");
    }

    public boolean flag(String name, boolean absent) {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw mistyped(name, "true or false");
    }

    @SuppressWarnings("unchecked")
    public Optional<JsonObject> object(String name) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map) {
            return Optional.of(new JsonObject((Map<String, @Nullable Object>) map, where));
        }
        throw mistyped(name, "an object");
    }

    /** An object whose values are texts or null; a value of another type is given as its JSON text. */
    public Map<String, @Nullable String> texts(String name) {
        Map<String, @Nullable String> texts = new LinkedHashMap<>();
        object(name)
                .ifPresent(o -> o.values()
                        .forEach((key, value) -> texts.put(
                                key, value == null || value instanceof String ? (String) value : Json.write(value))));
        return texts;
    }

    /** The same without the entries that are null. */
    public Map<String, String> presentTexts(String name) {
        Map<String, String> present = new LinkedHashMap<>();
        texts(name).forEach((key, value) -> {
            if (value != null) {
                present.put(key, value);
            }
        });
        return present;
    }

    /** A list of texts; empty where it is absent. */
    public List<String> list(String name) {
        Object value = values.get(name);
        List<String> texts = new ArrayList<>();
        if (value == null) {
            return texts;
        }
        if (!(value instanceof List<?> items)) {
            throw mistyped(name, "a list");
        }
        for (Object item : items) {
            if (!(item instanceof String text)) {
                throw mistyped(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    LakeException missing(String name) {
        return new LakeException(
                ErrorCode.LOG_CORRUPT, "the field '" + name + "' is missing in the log", Map.of("file", where));
    }

    private LakeException mistyped(String name, String wanted) {
        return new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the field '" + name + "' of the log is not " + wanted,
                Map.of("file", where, "value", Json.write(values.get(name))));
    }
}
