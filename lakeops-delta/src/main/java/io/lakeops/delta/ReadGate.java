package io.lakeops.delta;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.TableLocation;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which tables may be read: those whose reader features are all honoured, by us and by the engines. */
final class ReadGate {
    private static final Set<String> HONOURED = Set.of(
            "columnMapping",
            "deletionVectors",
            "timestampNtz",
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "variantType",
            "variantType-preview");
    private static final int NEWEST_READER = 3;

    private ReadGate() {}

    /** Whether a protocol is understood. */
    static void check(Protocol protocol, TableLocation table) {
        if (protocol.readerVersion() > NEWEST_READER) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "reading needs protocol version " + protocol.readerVersion(),
                    Map.of("table", table));
        }
        Set<String> unknown = new TreeSet<>(protocol.readFeatures());
        unknown.removeAll(HONOURED);
        if (!unknown.isEmpty()) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "reading needs the table feature " + String.join(", ", unknown),
                    Map.of("table", table));
        }
    }

    /** Whether the definition of a version is understood. */
    static void check(Metadata metadata, TableLocation table, long version) {
        String mapping = metadata.columnMapping();
        if (!Set.of("none", "name", "id").contains(mapping)) {
            throw new LakeException(
                    ErrorCode.FEATURE_UNSUPPORTED,
                    "reading needs the column mapping mode '" + mapping + "'",
                    Map.of("table", table, "version", version));
        }
    }
}
