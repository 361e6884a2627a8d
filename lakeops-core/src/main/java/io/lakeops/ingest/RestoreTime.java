package io.lakeops.ingest;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** The instant that a RESTORE's history entry names: ISO with an offset, or a local time in UTC. */
final class RestoreTime {
    private RestoreTime() {}

    static Instant parse(String text) {
        String iso = text.strip().replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeParseException withoutOffset) {
            return LocalDateTime.parse(iso.length() == 10 ? iso + "T00:00:00" : iso)
                    .toInstant(ZoneOffset.UTC);
        }
    }
}
