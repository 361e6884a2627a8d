package io.lakeops.delta.internal.replay;

import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogLines;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a version's checksum file says that the version consists of. The log is what counts: a checksum that says otherwise shows
 * that one of the two is damaged, and one that can't be understood says nothing.
 *
 * <p>Source: Delta protocol, "Version Checksum File".
 *
 * @param domains in force; empty where the file does not say
 * @param sequences the newest number of each application; empty where the file does not say
 */
public record Checksum(
        long fileBytes,
        long files,
        Protocol protocol,
        Metadata metadata,
        Optional<Map<String, String>> domains,
        Optional<Map<String, Long>> sequences) {

    /** The file of a version's checksum. */
    public static Path file(Path log, long version) {
        return log.resolve(String.format("%020d.crc", version));
    }

    /** The checksum of a version; empty where there is none that can be understood. */
    public static Optional<Checksum> read(Path log, long version) {
        Path file = file(log, version);
        try {
            Optional<String> text = LogLines.first(file);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            JsonObject json = new JsonObject(Json.parseObject(text.get()), file.toString());
            Optional<JsonObject> protocol = json.object("protocol");
            Optional<JsonObject> metadata = json.object("metadata");
            if (protocol.isEmpty() || metadata.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Checksum(
                    json.number("tableSizeBytes"),
                    json.number("numFiles"),
                    Protocol.of(protocol.get()),
                    Metadata.of(metadata.get()),
                    list(json, "domainMetadata").map(Checksum::domains),
                    list(json, "setTransactions").map(Checksum::sequences)));
        } catch (IOException | LakeException | ArithmeticException none) {
            // It is written without waiting for the disk, so half of one is no sign of anything.
            return Optional.empty();
        }
    }

    /** The text of a checksum. */
    public static String text(TableState state, Optional<String> transaction, OptionalLong inCommitTimestamp) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        transaction.ifPresent(id -> json.put("txnId", id));
        json.put("tableSizeBytes", state.files().fileBytes());
        json.put("numFiles", (long) state.files().size());
        json.put("numMetadata", 1L);
        json.put("numProtocol", 1L);
        inCommitTimestamp.ifPresent(time -> json.put("inCommitTimestampOpt", time));
        if (state.sequences().isEmpty()) {
            // Of others it would have to say when they were committed last, which is not remembered.
            json.put("setTransactions", List.of());
        }
        List<Map<String, @Nullable Object>> domains = new ArrayList<>();
        new TreeMap<>(state.domains()).forEach((domain, configuration) -> {
            Map<String, @Nullable Object> action = new LinkedHashMap<>();
            action.put("domain", domain);
            action.put("configuration", configuration);
            action.put("removed", false);
            domains.add(action);
        });
        json.put("domainMetadata", domains);
        json.put("metadata", state.facts().definition().metadata().values());
        json.put("protocol", state.facts().definition().protocol().values());
        return Json.write(json) + "\n";
    }

    /** What a version has otherwise than this says; empty where the two agree. */
    Optional<String> disagreement(TableState state) {
        return disagreement(state.files().size(), state.files().fileBytes(), state.facts());
    }

    /** The same for a version of so many files and bytes. */
    public Optional<String> disagreement(long ofFiles, long ofBytes, Replay.Facts facts) {
        return differs("files", files, ofFiles)
                .or(() -> differs("bytes", fileBytes, ofBytes))
                .or(() -> differs("protocol", protocol, facts.protocol()))
                .or(() -> differs("metadata", metadata, facts.metadata()))
                .or(() -> domains.flatMap(said -> differs("domains", said, facts.domains())))
                .or(() -> sequences.flatMap(said -> differs("applications", said, facts.sequences())));
    }

    private static Optional<String> differs(String what, Object said, Object is) {
        return Objects.equals(said, is)
                ? Optional.empty()
                : Optional.of("it has " + what + " " + said + ", and the log " + is);
    }

    private static Optional<List<JsonObject>> list(JsonObject json, String name) {
        if (!(json.values().get(name) instanceof List<?> items)) {
            return Optional.empty();
        }
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : items) {
            Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
            wrapped.put("item", item);
            new JsonObject(wrapped, json.where()).object("item").ifPresent(objects::add);
        }
        return Optional.of(objects);
    }

    private static Map<String, String> domains(List<JsonObject> actions) {
        Map<String, String> domains = new TreeMap<>();
        for (JsonObject action : actions) {
            if (!action.flag("removed", false)) {
                domains.put(action.text("domain"), action.text("configuration"));
            }
        }
        return domains;
    }

    private static Map<String, Long> sequences(List<JsonObject> actions) {
        Map<String, Long> sequences = new TreeMap<>();
        actions.forEach(action -> sequences.put(action.text("appId"), action.number("version")));
        return sequences;
    }
}
