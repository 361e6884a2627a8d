package io.lakeops.delta.internal.upkeep;

import io.lakeops.delta.internal.log.LogLines;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pointer to the newest checkpoint. It only saves readers a listing; LakeOps itself does not rely on it.
 *
 * <p>Source: Delta protocol, "Last Checkpoint File", "JSON checksum".
 */
final class LastCheckpoint {
    private static final String CHECKSUM = "checksum";

    private LastCheckpoint() {}

    static Path file(Path log) {
        return log.resolve("_last_checkpoint");
    }

    /** The version that the pointer names; empty where there is none, or none that can be understood. */
    static OptionalLong version(Path log) throws IOException {
        try {
            Object version =
                    Json.parseObject(LogLines.first(file(log)).orElse("")).get("version");
            return version instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NoSuchFileException none) {
            return OptionalLong.empty();
        } catch (LakeException damaged) {
            // It is only a hint, and about to be replaced by a whole one.
            return OptionalLong.empty();
        }
    }

    /** The text of a pointer, with its checksum. */
    static String text(Map<String, @Nullable Object> pointer) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(pointer);
        json.put(CHECKSUM, checksum(pointer));
        return Json.write(json);
    }

    static String checksum(Map<String, @Nullable Object> pointer) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("MD5").digest(canonical(pointer).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /** The text that the checksum is made of. */
    static String canonical(Map<String, @Nullable Object> pointer) {
        Map<String, String> leaves = new TreeMap<>((a, b) -> java.util.Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        pointer.forEach((name, value) -> {
            if (!name.equals(CHECKSUM)) {
                collect(quoted(name), value, leaves);
            }
        });
        StringBuilder text = new StringBuilder();
        leaves.forEach((path, value) ->
                text.append(text.isEmpty() ? "" : ",").append(path).append('=').append(value));
        return text.toString();
    }

    private static void collect(String path, @Nullable Object value, Map<String, String> leaves) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, child) -> collect(path + "+" + quoted(String.valueOf(name)), child, leaves));
        } else if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                collect(path + "+" + i, items.get(i), leaves);
            }
        } else {
            leaves.put(path, value instanceof String text ? quoted(text) : Json.write(value));
        }
    }

    private static String quoted(String text) {
        StringBuilder encoded = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(String.format("%02X", (int) c));
            }
        }
        return encoded.append('"').toString();
    }
}
