package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids that a table with row tracking has given to rows so far.
 *
 * <p>Source: Delta protocol, "Row Tracking".
 */
final class RowIds {
    static final String DOMAIN = "delta.rowTracking";
    private long highest;

    RowIds(Map<String, String> domains) {
        String configuration = domains.get(DOMAIN);
        this.highest = configuration == null ? -1 : highest(configuration);
    }

    private RowIds(long highest) {
        this.highest = highest;
    }

    RowIds copy() {
        return new RowIds(highest);
    }

    /** Takes note of what another commit gave. */
    void follow(CommitFile winner) {
        winner.actions("domainMetadata").stream()
                .filter(action -> action.text("domain").equals(DOMAIN))
                .forEach(action -> highest = Math.max(highest, highest(action.text("configuration"))));
    }

    /** The first of {@code rows} fresh ids. */
    long take(long rows) {
        long first = highest + 1;
        highest += rows;
        return first;
    }

    String configuration() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("rowIdHighWaterMark", highest);
        json.put("domainName", DOMAIN);
        return Json.write(json);
    }

    private static long highest(String configuration) {
        if (Json.parseObject(configuration).get("rowIdHighWaterMark") instanceof Long number) {
            return number;
        }
        throw new LakeException(
                ErrorCode.LOG_CORRUPT,
                "the highest row id is missing in the table's row tracking domain",
                Map.of("configuration", configuration));
    }
}
