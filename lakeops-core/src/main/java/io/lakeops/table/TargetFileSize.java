package io.lakeops.table;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Near which size a table's data files should end.
 *
 * <p>Units: the property {@code delta.targetFileSize}, in bytes or with a unit ({@code 64mb}, {@code 1g}); else 128 MiB for
 * a table of up to 10 GiB, growing with the table to 512 MiB.
 *
 * <p>Errors: INVALID_ARGUMENT for a property that is no size.
 */
public final class TargetFileSize {
    /** The table property that sets it. */
    public static final String PROPERTY = "delta.targetFileSize";

    private static final long SMALLEST = 128L << 20;
    private static final long LARGEST = 512L << 20;
    private static final long TABLE_BYTES_PER_FILE_BYTE = 80;
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})\\s*(b|[kmgt]i?b?)?");

    private TargetFileSize() {}

    /** The size for that version. */
    public static long of(Snapshot snapshot) {
        String property = snapshot.detail().properties().get(PROPERTY);
        if (property != null) {
            return parse(property);
        }
        long tableBytes =
                snapshot.scan().files().stream().mapToLong(DataFile::fileBytes).sum();
        return Math.max(SMALLEST, Math.min(LARGEST, tableBytes / TABLE_BYTES_PER_FILE_BYTE));
    }

    /** A size as text, in bytes; units are binary. */
    public static long parse(String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            String unit = matcher.group(2);
            int shift = unit == null || unit.equals("b") ? 0 : 10 * (1 + "kmgt".indexOf(unit.charAt(0)));
            if (number > 0 && number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        }
        throw new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "'" + text + "' is not a file size such as 134217728 or 128mb",
                Map.of("property", PROPERTY));
    }
}
