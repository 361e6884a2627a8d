package io.lakeops.delta.internal.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a reader and a writer must understand to touch the table.
 *
 * <p>Source: Delta protocol, "Protocol Evolution", "Table Features".
 *
 * @param readerFeatures listed from reader version 3 on
 * @param writerFeatures listed from writer version 7 on
 */
public record Protocol(int readerVersion, int writerVersion, Set<String> readerFeatures, Set<String> writerFeatures) {
    private static final int READER_FEATURES = 3;
    private static final int WRITER_FEATURES = 7;

    public Protocol {
        readerFeatures = Set.copyOf(readerFeatures);
        writerFeatures = Set.copyOf(writerFeatures);
    }

    /** What a table without any feature needs. */
    public static Protocol legacy() {
        return new Protocol(1, 2, Set.of(), Set.of());
    }

    public static Protocol of(JsonObject action) {
        return new Protocol(
                Math.toIntExact(action.number("minReaderVersion")),
                Math.toIntExact(action.number("minWriterVersion")),
                Set.copyOf(action.list("readerFeatures")),
                Set.copyOf(action.list("writerFeatures")));
    }

    /** All features in force, those that the version numbers imply included, sorted. */
    public List<String> features() {
        Set<String> all = new TreeSet<>(readerFeatures);
        all.addAll(writerFeatures);
        all.addAll(implied());
        return new ArrayList<>(all);
    }

    /** The features that a reader must understand. */
    public Set<String> readFeatures() {
        Set<String> needed = new TreeSet<>(readerFeatures);
        if (readerVersion == 2) {
            needed.add("columnMapping");
        }
        return needed;
    }

    public boolean has(String feature) {
        return features().contains(feature);
    }

    /** The protocol that has these features too; the same where it has them. */
    public Protocol with(Collection<String> wanted, Collection<String> readerWriter) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(features());
        if (missing.isEmpty()) {
            return this;
        }
        Set<String> writer = new TreeSet<>(features());
        writer.addAll(missing);
        Set<String> reader = new TreeSet<>(readFeatures());
        missing.stream().filter(readerWriter::contains).forEach(reader::add);
        if (reader.isEmpty() && readerVersion < READER_FEATURES) {
            return new Protocol(readerVersion, WRITER_FEATURES, Set.of(), writer);
        }
        return new Protocol(READER_FEATURES, WRITER_FEATURES, reader, writer);
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("minReaderVersion", readerVersion);
        json.put("minWriterVersion", writerVersion);
        if (readerVersion >= READER_FEATURES) {
            json.put("readerFeatures", new TreeSet<>(readerFeatures));
        }
        if (writerVersion >= WRITER_FEATURES) {
            json.put("writerFeatures", new TreeSet<>(writerFeatures));
        }
        return json;
    }

    private Set<String> implied() {
        Set<String> implied = new TreeSet<>();
        if (writerVersion < WRITER_FEATURES) {
            if (writerVersion >= 2) {
                implied.addAll(List.of("appendOnly", "invariants"));
            }
            if (writerVersion >= 3) {
                implied.add("checkConstraints");
            }
            if (writerVersion >= 4) {
                implied.addAll(List.of("changeDataFeed", "generatedColumns"));
            }
            if (writerVersion >= 5) {
                implied.add("columnMapping");
            }
            if (writerVersion >= 6) {
                implied.add("identityColumns");
            }
        }
        if (readerVersion == 2) {
            implied.add("columnMapping");
        }
        return implied;
    }
}
