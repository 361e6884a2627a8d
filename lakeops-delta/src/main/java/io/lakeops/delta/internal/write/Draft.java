package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.Clustering;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.ConflictRules;
import io.lakeops.table.FileChange;
import io.lakeops.table.Isolation;
import io.lakeops.table.Operation;
import io.lakeops.table.Reads;
import io.lakeops.table.Sequence;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A commit that passed every check and can be written as any version that it turns out to win. */
final class Draft {
    private static final String RESTORE = "RESTORE";
    private static final String CLONE = "CLONE";
    /** With or without CREATE OR before it, and AS SELECT behind it. */
    private static final String REPLACE = "REPLACE TABLE";

    private final BaseVersion base;
    private final CommitSpec spec;
    private final Definition before;
    private final Definition after;
    private final FilePlan files;
    private final String transaction = UUID.randomUUID().toString();

    private Draft(BaseVersion base, CommitSpec spec, Definition before, Definition after, FilePlan files) {
        this.base = base;
        this.spec = spec;
        this.before = before;
        this.after = after;
        this.files = files;
    }

    /** Checks everything that can be checked before a byte is written. */
    static Draft of(BaseVersion base, CommitSpec asked, long now) {
        CommitSpec spec = clustered(base, asked);
        Definition before = new Definition(base.protocol(), base.metadata());
        Features.requireWritable(base.protocol());
        boolean restore = brings(spec);
        boolean clones = spec.operation().name().equals(CLONE);
        boolean replaces = clones || spec.operation().name().contains(REPLACE);
        if (replaces && !clones) {
            requireReplaced(base, before, spec.changes());
        }
        Optional<BaseVersion> like = spec.table().flatMap(TableChange::like).map(BaseVersion::of);
        Definition changed = spec.table()
                .map(change -> like.map(source -> before.taking(source, change.properties()))
                        .orElse(before)
                        .change(
                                change,
                                base.logged().isEmpty(),
                                spec.reads() instanceof Reads.WholeTable,
                                restore,
                                replaces))
                .orElse(before);
        Definition after = spec.domains().isEmpty()
                ? changed
                : new Definition(
                        changed.protocol().with(List.of("domainMetadata"), Features.READER_WRITER), changed.metadata());
        requireOwnDomains(asked.domains(), restore);
        requireHonoured(after, spec, restore, replaces);
        if (bringsRows(spec) && !restore && !replaces) {
            Features.requireNumbered(before.metadata().schema(), spec.rules());
        }
        requireAppendOnlyKept(before, spec.changes());
        return new Draft(base, spec, before, after, FilePlan.of(base, after, spec.changes(), now, restore));
    }

    /** The commit with the domain that says by what the table is clustered, where that changes. */
    private static CommitSpec clustered(BaseVersion base, CommitSpec spec) {
        Optional<List<String>> columns = spec.table().flatMap(TableChange::clusteringColumns);
        if (columns.isEmpty()) {
            return spec;
        }
        Map<String, String> domains = new TreeMap<>(spec.domains());
        domains.put(
                Clustering.DOMAIN,
                Clustering.configuration(columns.get(), base.metadata().schema()));
        return spec.withDomains(domains);
    }

    /** The first commit of a table that {@code base} is about to be. */
    static Draft creating(BaseVersion base, CommitSpec spec, long now) {
        Definition definition = new Definition(base.protocol(), base.metadata());
        boolean held = brings(spec);
        requireHonoured(definition, spec, held, false);
        if (bringsRows(spec) && !held) {
            // A first version can't say both where its numbers begin and how far they have come.
            Features.requireNumbered(definition.metadata().schema(), TableRules.none());
        }
        return new Draft(base, spec, definition, definition, FilePlan.of(base, definition, spec.changes(), now, held));
    }

    /** Whether the files were in a table before, and were let in by the definition that comes with them. */
    private static boolean brings(CommitSpec spec) {
        return spec.operation().name().equals(RESTORE)
                || spec.operation().name().equals(CLONE);
    }

    private boolean creates() {
        return base.version() < 0;
    }

    String transaction() {
        return transaction;
    }

    FilePlan files() {
        return files;
    }

    CommitSpec spec() {
        return spec;
    }

    /** Decides which commits in between it may stand on. */
    ConflictRules conflictRules() {
        Metadata metadata = before.metadata();
        return new ConflictRules(
                spec,
                new TableChange(
                        metadata.schema(), metadata.partitionColumns(), metadata.properties(), metadata.description()),
                isolation());
    }

    /** The stricter of the commit's level and the table's; a rewrite that changes no row stays at its own. */
    private Isolation isolation() {
        boolean strict = Isolation.SERIALIZABLE
                .label()
                .equals(after.metadata().properties().get("delta.isolationLevel"));
        return strict && spec.isolation() == Isolation.WRITE_SERIALIZABLE ? Isolation.SERIALIZABLE : spec.isolation();
    }

    /** Whether the commit looked at nothing and brings files only. */
    private boolean isBlindAppend() {
        return spec.reads() instanceof Reads.Nothing
                && (after.equals(before) ? spec.table().isEmpty() : IdentityMarks.countsOn(before, after))
                && spec.changes().stream().allMatch(FileChange.Add.class::isInstance);
    }

    boolean tracksRows() {
        return after.protocol().has(RowIds.DOMAIN.substring("delta.".length()));
    }

    boolean hasInCommitTimestamps() {
        return after.metadata().flag("delta.enableInCommitTimestamps")
                && after.protocol().has("inCommitTimestamp");
    }

    /** The commit's text, as the log is to have it. */
    byte[] lines(long version, long now, OptionalLong inCommitTimestamp, RowIds ids) {
        List<String> lines = new ArrayList<>();
        lines.add(line("commitInfo", commitInfo(now, inCommitTimestamp)));
        Definition definition =
                after.startsInCommitTimestamps(before) ? after.withInCommitTimestampsFrom(version, now) : after;
        if (inCommitTimestamp.isPresent() && after.startsInCommitTimestamps(before)) {
            definition = after.withInCommitTimestampsFrom(version, inCommitTimestamp.getAsLong());
        }
        if (creates() || !definition.protocol().equals(before.protocol())) {
            lines.add(line("protocol", definition.protocol().toJson()));
        }
        if (creates() || !definition.metadata().equals(before.metadata())) {
            lines.add(line("metaData", definition.metadata().toJson()));
        }
        for (Sequence sequence : spec.once()) {
            Map<String, @Nullable Object> txn = new LinkedHashMap<>();
            txn.put("appId", sequence.application());
            txn.put("version", sequence.number());
            txn.put("lastUpdated", now);
            lines.add(line("txn", txn));
        }
        if (creates()) {
            new TreeMap<>(base.domains()).forEach((domain, text) -> lines.add(domain(domain, text)));
        }
        new TreeMap<>(spec.domains()).forEach((domain, text) -> lines.add(domain(domain, text)));
        List<String> adds = adds(version, ids);
        if (tracksRows() && !adds.isEmpty()) {
            lines.add(domain(RowIds.DOMAIN, ids.configuration()));
        }
        lines.addAll(adds);
        files.removed().forEach(action -> lines.add(line("remove", action)));
        files.changeData().forEach(action -> lines.add(line("cdc", action)));
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private List<String> adds(long version, RowIds ids) {
        List<String> lines = new ArrayList<>();
        for (FilePlan.Added file : files.added()) {
            Map<String, @Nullable Object> action = new LinkedHashMap<>(file.action());
            if (tracksRows()) {
                boolean known = file.ids().isPresent();
                long rows = file.rows()
                        .orElseThrow(() -> Features.unsupported(
                                "rowTracking", "the file " + file.path() + " does not say how many rows it has"));
                action.put("baseRowId", known ? file.ids().get().baseRowId() : ids.take(rows));
                action.put("defaultRowCommitVersion", known ? file.ids().get().defaultCommitVersion() : version);
            }
            lines.add(line("add", action));
        }
        return lines;
    }

    private Map<String, @Nullable Object> commitInfo(long now, OptionalLong inCommitTimestamp) {
        return commitInfo(
                spec.operation(),
                now,
                inCommitTimestamp,
                creates() ? Optional.empty() : Optional.of(base.version()),
                isolation().label(),
                isBlindAppend(),
                transaction,
                spec.userMetadata());
    }

    static Map<String, @Nullable Object> commitInfo(
            Operation operation,
            long now,
            OptionalLong inCommitTimestamp,
            Optional<Long> readVersion,
            String isolation,
            boolean blindAppend,
            String transaction,
            Optional<String> userMetadata) {
        Map<String, @Nullable Object> info = new LinkedHashMap<>();
        inCommitTimestamp.ifPresent(time -> info.put("inCommitTimestamp", time));
        info.put("timestamp", inCommitTimestamp.orElse(now));
        info.put("operation", operation.name());
        info.put("operationParameters", operation.parameters());
        readVersion.ifPresent(version -> info.put("readVersion", version));
        info.put("isolationLevel", isolation);
        info.put("isBlindAppend", blindAppend);
        info.put("operationMetrics", operation.metrics());
        userMetadata.ifPresent(text -> info.put("userMetadata", text));
        info.put("engineInfo", Release.ENGINE_INFO);
        info.put("txnId", transaction);
        return info;
    }

    static String line(String kind, Map<String, @Nullable Object> action) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put(kind, action);
        return Json.write(line);
    }

    static String domain(String domain, String text) {
        Map<String, @Nullable Object> action = new LinkedHashMap<>();
        action.put("domain", domain);
        action.put("configuration", text);
        action.put("removed", text.isEmpty());
        return line("domainMetadata", action);
    }

    private static void requireOwnDomains(Map<String, String> domains, boolean restore) {
        domains.keySet().stream()
                .filter(domain -> domain.startsWith("delta.") && !(restore && domain.equals(Clustering.DOMAIN)))
                .findFirst()
                .ifPresent(domain -> {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "domains that begin with 'delta.' belong to the format",
                            Map.of("domain", domain));
                });
    }

    /** Rows must not leave by a commit that takes the property off in passing. */
    private static void requireAppendOnlyKept(Definition before, List<FileChange> changes) {
        boolean takesRows = changes.stream()
                .anyMatch(change -> change instanceof FileChange.ReplaceVector
                        || (change instanceof FileChange.Remove remove && remove.dataChange()));
        if (takesRows
                && before.metadata().flag("delta.appendOnly")
                && before.protocol().has("appendOnly")) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "the table only takes new rows: delta.appendOnly is true",
                    Map.of("properties", before.metadata().properties()));
        }
    }

    private static boolean bringsRows(CommitSpec spec) {
        return spec.changes().stream().anyMatch(change -> change instanceof FileChange.Add add && add.dataChange());
    }

    private static void requireHonoured(Definition definition, CommitSpec spec, boolean restore, boolean replaces) {
        List<FileChange> changes = spec.changes();
        boolean bringsRows = bringsRows(spec);
        boolean takesRows = changes.stream()
                .anyMatch(change -> change instanceof FileChange.ReplaceVector
                        || (change instanceof FileChange.Remove remove && remove.dataChange()));
        // What RESTORE and CLONE bring was let in by the definition that comes with it.
        if (bringsRows && !restore) {
            Features.requireRowsWritable(definition.protocol(), definition.metadata(), spec.rules());
        }
        if (takesRows) {
            requireRemovable(definition);
        }
        boolean changeData = changes.stream().anyMatch(FileChange.ChangeFile.class::isInstance);
        boolean changesRows =
                takesRows && (bringsRows || changes.stream().anyMatch(FileChange.ReplaceVector.class::isInstance));
        // What RESTORE and REPLACE TABLE take and bring is told by their files and vectors, as Spark has it.
        if (changesRows
                && !changeData
                && !restore
                && !replaces
                && definition.metadata().flag("delta.enableChangeDataFeed")) {
            throw Features.unsupported(
                    "changeDataFeed",
                    "a commit that rewrites rows must bring their change data, which this operation does not write yet");
        }
        boolean removes = changes.stream()
                .anyMatch(change -> change instanceof FileChange.Remove || change instanceof FileChange.ReplaceVector);
        boolean rewrites = removes
                && !replaces
                && changes.stream()
                        .anyMatch(change -> change instanceof FileChange.Add add
                                && add.file().rowTracking().isEmpty());
        if (rewrites
                && definition.metadata().flag("delta.enableRowTracking")
                && !spec.rules().rowIds()) {
            throw Features.unsupported("rowTracking", "rewriting rows would lose their stable ids");
        }
    }

    private static void requireRemovable(Definition definition) {
        if (definition.metadata().flag("delta.appendOnly")
                && definition.protocol().has("appendOnly")) {
            throw new LakeException(
                    ErrorCode.CONSTRAINT_VIOLATED,
                    "the table only takes new rows: delta.appendOnly is true",
                    Map.of("properties", definition.metadata().properties()));
        }
    }

    /** A table of another definition takes over nothing of the files that were there. */
    private static void requireReplaced(BaseVersion base, Definition before, List<FileChange> changes) {
        if (!base.logged().isEmpty()) {
            requireRemovable(before);
        }
        long removed =
                changes.stream().filter(FileChange.Remove.class::isInstance).count();
        if (removed != base.logged().size()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a table is replaced by a commit that removes all its files",
                    Map.of("files", base.logged().size(), "removed", removed));
        }
        if (base.domains().containsKey(Clustering.DOMAIN)) {
            throw Features.unsupported("clustering", "a clustered table can't be replaced yet");
        }
    }
}
