package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which table features are honoured on writing, and which a definition needs.
 *
 * <p>Source: Delta protocol, "Valid Feature Names in Table Features". What each row means for LakeOps: docs/delta-features.md.
 */
public final class Features {
    private static final int NEWEST_WRITER = 7;

    /** Features that a reader must know too. */
    static final Set<String> READER_WRITER = Set.of(
            "columnMapping",
            "deletionVectors",
            "timestampNtz",
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "variantType",
            "variantType-preview");

    private static final Set<String> WRITABLE = Set.of(
            "allowColumnDefaults",
            "appendOnly",
            "changeDataFeed",
            "checkConstraints",
            "clustering",
            "columnMapping",
            "deletionVectors",
            "domainMetadata",
            "generatedColumns",
            "identityColumns",
            "inCommitTimestamp",
            "invariants",
            "rowTracking",
            "timestampNtz",
            "typeWidening",
            "typeWidening-preview",
            "v2Checkpoint",
            "vacuumProtocolCheck",
            "variantType",
            "variantType-preview");

    /** Features that a caller may switch on by {@code delta.feature.X = supported} and that need nothing else. */
    private static final Set<String> SWITCHABLE = Set.of(
            "allowColumnDefaults",
            "appendOnly",
            "changeDataFeed",
            "deletionVectors",
            "domainMetadata",
            "inCommitTimestamp",
            "invariants",
            "timestampNtz",
            "typeWidening",
            "v2Checkpoint",
            "vacuumProtocolCheck");

    private static final String SWITCH = "delta.feature.";

    private static final Map<String, String> BY_PROPERTY = Map.of(
            "delta.enableChangeDataFeed", "changeDataFeed",
            "delta.enableDeletionVectors", "deletionVectors",
            "delta.enableInCommitTimestamps", "inCommitTimestamp",
            "delta.enableTypeWidening", "typeWidening",
            "delta.appendOnly", "appendOnly",
            "delta.enableRowTracking", "rowTracking");

    private Features() {}

    /** FEATURE_UNSUPPORTED where a commit of any kind must not be made to such a table. */
    public static void requireWritable(Protocol protocol) {
        if (protocol.writerVersion() > NEWEST_WRITER) {
            throw unsupported("protocol writer version " + protocol.writerVersion(), "it is not known");
        }
        Set<String> unknown = new TreeSet<>(protocol.features());
        unknown.removeAll(WRITABLE);
        if (!unknown.isEmpty()) {
            throw unsupported(String.join(", ", unknown), "LakeOps does not honour it when it writes");
        }
    }

    /**
     * FEATURE_UNSUPPORTED where rows that nobody checked or completed must not be brought into such a table.
     *
     * @param held the rules that the rows were held to
     */
    static void requireRowsWritable(Protocol protocol, Metadata metadata, TableRules held) {
        TableRules demanded = TableRules.ofFormat(metadata.schema(), metadata.properties());
        requireHeld("generatedColumns", demanded.generated(), held.generated());
        requireHeld("allowColumnDefaults", demanded.defaults(), held.defaults());
        demanded.checks().stream()
                .filter(check -> !held.checks().contains(check))
                .findFirst()
                .ifPresent(check -> {
                    throw unsupported(
                            "checkConstraints, invariants",
                            "the rows were not held to " + check.name() + " CHECK (" + check.expression() + ")");
                });
        // Only a column at the top can be numbered.
        metadata.schema().fields().forEach(field -> children(field.type()).forEach(Features::requireNoIdentity));
    }

    /**
     * FEATURE_UNSUPPORTED where rows were not numbered on from where the table's identity columns stand.
     *
     * @param before the columns that the rows come on top of
     */
    static void requireNumbered(Schema before, TableRules held) {
        IdentityColumn.all(before).stream()
                .filter(column -> !held.identities().contains(column))
                .findFirst()
                .ifPresent(column -> {
                    throw unsupported(
                            "identityColumns", "the rows were not numbered on from " + column.next() + " by " + column);
                });
    }

    private static void requireHeld(
            String feature, List<TableRules.Computed> demanded, List<TableRules.Computed> held) {
        demanded.stream().filter(c -> !held.contains(c)).findFirst().ifPresent(c -> {
            throw unsupported(feature, "the rows were not given " + c.column() + " by " + c.expression());
        });
    }

    /** The protocol that a definition needs, never lower than {@code current}. */
    static Protocol needed(Protocol current, Schema schema, Map<String, String> properties, boolean clustered) {
        Set<String> features = new TreeSet<>();
        if (any(schema.fields(), type -> type == Primitive.TIMESTAMP_NTZ)) {
            features.add("timestampNtz");
        }
        if (any(schema.fields(), type -> type == Primitive.VARIANT)) {
            features.add("variantType");
        }
        BY_PROPERTY.forEach((property, feature) -> {
            if (Boolean.parseBoolean(properties.get(property))) {
                features.add(feature);
            }
        });
        if (!properties.getOrDefault("delta.columnMapping.mode", "none").equals("none")) {
            features.add("columnMapping");
        }
        if ("v2".equals(properties.get("delta.checkpointPolicy"))) {
            features.add("v2Checkpoint");
        }
        if (clustered) {
            features.add("clustering");
        }
        TableRules rules = TableRules.of(schema, Map.of());
        if (!rules.generated().isEmpty()) {
            features.add("generatedColumns");
        }
        if (!rules.defaults().isEmpty()) {
            features.add("allowColumnDefaults");
        }
        if (!rules.identities().isEmpty()) {
            features.add("identityColumns");
        }
        if (properties.keySet().stream().anyMatch(key -> key.startsWith(TableRules.CONSTRAINT))) {
            features.add("checkConstraints");
        }
        properties.forEach((key, value) -> {
            if (key.startsWith(SWITCH)) {
                features.add(switched(key.substring(SWITCH.length()), value));
            }
        });
        if (features.contains("clustering") || features.contains("rowTracking")) {
            features.add("domainMetadata");
        }
        Protocol protocol = current.with(features, READER_WRITER);
        requireVersion(properties, "delta.minReaderVersion", protocol.readerVersion());
        requireVersion(properties, "delta.minWriterVersion", protocol.writerVersion());
        return protocol;
    }

    /** Who asks for a version of the protocol wants what comes with it: versions follow the features, not the other way. */
    private static void requireVersion(Map<String, String> properties, String property, int version) {
        String asked = properties.get(property);
        if (asked != null && Integer.parseInt(asked.strip()) > version) {
            throw unsupported(
                    "protocol versions",
                    property + " = " + asked + " is above what the table's features need, " + version
                            + "; switch the wanted feature on by " + SWITCH + "… = 'supported' instead");
        }
    }

    /** Properties as the log keeps them: a switch for a feature, or a version, lives in the protocol alone. */
    static boolean isKept(String property) {
        return !property.startsWith(SWITCH)
                && !property.equals("delta.minReaderVersion")
                && !property.equals("delta.minWriterVersion");
    }

    static LakeException unsupported(String feature, String why) {
        return new LakeException(
                ErrorCode.FEATURE_UNSUPPORTED, "writing needs the table feature " + feature + ": " + why);
    }

    private static String switched(String feature, String value) {
        if (!value.toLowerCase(Locale.ROOT).equals("supported")) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the property " + SWITCH + feature + " takes the value 'supported'",
                    Map.of("value", value));
        }
        if (!SWITCHABLE.contains(feature)) {
            throw unsupported(feature, "it can't be switched on here");
        }
        return feature;
    }

    private static void requireNoIdentity(Field field) {
        if (IdentityColumn.isSaidOf(field)) {
            throw unsupported("identityColumns", "the field " + field.name() + " within a column uses it");
        }
        children(field.type()).forEach(Features::requireNoIdentity);
    }

    private static boolean any(Collection<Field> fields, Predicate<DataType> wanted) {
        return fields.stream().anyMatch(field -> any(field.type(), wanted));
    }

    private static boolean any(DataType type, Predicate<DataType> wanted) {
        if (type instanceof DataType.Array array) {
            return any(array.element(), wanted);
        }
        if (type instanceof DataType.Mapping map) {
            return any(map.key(), wanted) || any(map.value(), wanted);
        }
        return wanted.test(type) || any(children(type), wanted);
    }

    private static List<Field> children(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return struct.fields();
        }
        if (type instanceof DataType.Array array) {
            return children(array.element());
        }
        return List.of();
    }
}
