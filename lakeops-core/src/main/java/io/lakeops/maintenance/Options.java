package io.lakeops.maintenance;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Options as text: the one edge where names are strings, so a wrong one is answered with the nearest. */
final class Options {
    private Options() {}

    static void check(String action, Map<String, String> given, List<String> known) {
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(k -> distance(name, k)))
                        .orElse("");
                throw new LakeException(
                        ErrorCode.UNKNOWN_OPTION,
                        action + " has no option '" + name + "'; did you mean '" + nearest + "'?",
                        Map.of("options", known));
            }
        }
    }

    static boolean flag(Map<String, String> given, String name) {
        String text = given.getOrDefault(name, "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, name + " must be true or false, not '" + text + "'");
        };
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
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
