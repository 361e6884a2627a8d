package io.lakeops.duckdb.lake;

import io.lakeops.change.ChangeFeed;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.SnapshotSelector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From where to where a statement asks for changes, and by which key.
 *
 * @param from as it stands, and as an instant in microseconds where it is one in the session's time zone
 * @param to the same; absent for the newest version
 */
record ChangeBounds(Bound from, Optional<Bound> to, List<String> key) {
    ChangeBounds {
        key = List.copyOf(key);
    }

    /** A whole number is a version; anything else must be an instant. */
    record Bound(String text, @Nullable Long micros) {
        SnapshotSelector selector() {
            String number = text.strip();
            if (number.matches("[+-]?[0-9]+")) {
                try {
                    return SnapshotSelector.version(Long.parseLong(number));
                } catch (NumberFormatException e) {
                    throw new LakeException(ErrorCode.VERSION_NOT_FOUND, "there is no version " + number, e);
                }
            }
            if (micros == null) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT,
                        "table_changes takes versions, such as 3, or timestamps, such as '2024-04-02 10:00:00', not '"
                                + text + "'");
            }
            return SnapshotSelector.asOf(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }
    }

    ChangeFeed feed() {
        return new ChangeFeed(from.selector(), to.map(Bound::selector).orElseGet(SnapshotSelector::latest), key);
    }
}
