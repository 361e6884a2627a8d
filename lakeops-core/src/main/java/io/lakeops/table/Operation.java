package io.lakeops.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a commit calls itself in the history.
 *
 * @param name Spark's name where it has one, such as {@code WRITE}, {@code DELETE}, {@code OPTIMIZE}
 * @param parameters in the format's text form: a text parameter as it stands, a list or flag as JSON; null for one
 *     that has a name and was not given
 * @param metrics by Spark's names
 */
public record Operation(String name, Map<String, @Nullable String> parameters, Map<String, String> metrics) {
    public Operation {
        Objects.requireNonNull(name);
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** The parameters that were given. */
    public Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value);
            }
        });
        return given;
    }
}
