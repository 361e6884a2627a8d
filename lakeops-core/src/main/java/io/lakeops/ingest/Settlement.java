package io.lakeops.ingest;

import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the table's own log says of a ledger's batches: which are committed and where, and which a RESTORE took away.
 *
 * <p>The log decides, the ledger only remembers: a batch counts once the table's transaction id reached it, and no longer
 * once the newest version descends, through a RESTORE, from a version before it.
 */
final class Settlement {
    /** How a commit names its batch in the history. */
    private static final String METADATA = "lakeops batch ";

    private final LakeTable table;
    private final Source source;
    private final List<LedgerRow> rows;

    Settlement(LakeTable table, Source source, List<LedgerRow> rows) {
        this.table = table;
        this.source = source;
        this.rows = rows;
    }

    static String userMetadata(String batchId) {
        return METADATA + batchId;
    }

    /** The transaction id under which a batch's number is given up. */
    static String voidApplication(Source source) {
        return source.application() + "/void";
    }

    /** The newest row of each batch, by number. */
    NavigableMap<Long, LedgerRow> batches() {
        NavigableMap<Long, LedgerRow> newest = new TreeMap<>();
        for (LedgerRow row : rows) {
            if (!row.isFile() && row.batch().isPresent()) {
                newest.merge(row.batch().getAsLong(), row, (a, b) -> a.ledgerVersion() >= b.ledgerVersion() ? a : b);
            }
        }
        return newest;
    }

    /** The ids of the batches that have an intent, by number. */
    NavigableMap<Long, String> intents() {
        NavigableMap<Long, String> intents = new TreeMap<>();
        for (LedgerRow row : rows) {
            if (row.isFile() && row.batch().isPresent()) {
                intents.put(row.batch().getAsLong(), row.batchId());
            }
        }
        return intents;
    }

    /** What the ledger has to learn from the log: a row for each batch whose fate it does not have right. */
    List<LedgerRow> findings(Instant now) {
        var coordination = table.snapshot(SnapshotSelector.latest()).coordination();
        long reached = coordination.sequence(source.application()).orElse(0);
        long givenUp = coordination.sequence(voidApplication(source)).orElse(-1);
        NavigableMap<Long, LedgerRow> known = batches();
        List<LedgerRow> findings = new ArrayList<>();
        intents().forEach((number, id) -> {
            if (!known.containsKey(number) && number <= reached) {
                boolean isVoid = number == givenUp;
                findings.add(LedgerRow.batch(
                        number,
                        id,
                        isVoid ? LedgerRow.VOID : LedgerRow.COMMITTED,
                        now,
                        isVoid ? OptionalLong.empty() : versionOf(id)));
            }
        });
        findings.addAll(restored(known, findings, now));
        return findings;
    }

    private List<LedgerRow> restored(NavigableMap<Long, LedgerRow> known, List<LedgerRow> fresh, Instant now) {
        Map<Long, LedgerRow> all = new TreeMap<>(known);
        fresh.forEach(r -> all.put(r.batch().orElseThrow(), r));
        LakeTable.VersionRange range = table.versions();
        long newestSettled = rows.stream()
                .filter(r -> !r.isFile() && r.tableVersion().isPresent())
                .mapToLong(r -> r.tableVersion().getAsLong())
                .max()
                .orElse(-1);
        if (restores(Math.max(range.earliest(), newestSettled + 1), range.latest())
                .isEmpty()) {
            return List.of();
        }
        NavigableMap<Long, Long> restores = restores(range.earliest(), range.latest());
        List<LedgerRow> changed = new ArrayList<>();
        for (LedgerRow row : all.values()) {
            if (row.tableVersion().isEmpty() || row.status().equals(LedgerRow.VOID)) {
                continue;
            }
            boolean lives = lives(row.tableVersion().getAsLong(), range.latest(), restores);
            String status = lives ? LedgerRow.COMMITTED : LedgerRow.FALLEN;
            if (!status.equals(row.status())) {
                changed.add(LedgerRow.batch(row.batch().orElseThrow(), row.batchId(), status, now, row.tableVersion()));
            }
        }
        return changed;
    }

    /** Whether the newest version descends from {@code version}, given which version each RESTORE went back to. */
    static boolean lives(long version, long latest, NavigableMap<Long, Long> restores) {
        long current = latest;
        while (current > version) {
            Map.Entry<Long, Long> restore = restores.floorEntry(current);
            if (restore == null || restore.getKey() <= version) {
                return true;
            }
            current = restore.getValue();
        }
        return current == version;
    }

    /** Each RESTORE's version and the version that it went back to. */
    private NavigableMap<Long, Long> restores(long from, long to) {
        NavigableMap<Long, Long> restores = new TreeMap<>();
        NavigableMap<Long, Instant> times = new TreeMap<>();
        if (from > to) {
            return restores;
        }
        try (Stream<TableCommit> commits = table.commits(from, to)) {
            commits.map(TableCommit::entry).forEach(entry -> {
                times.put(entry.version(), entry.timestamp());
                if (entry.operation().equals("RESTORE")) {
                    target(entry, times).ifPresent(target -> restores.put(entry.version(), target));
                }
            });
        }
        return restores;
    }

    private static Optional<Long> target(HistoryEntry restore, NavigableMap<Long, Instant> times) {
        String version = restore.operationParameters().get("version");
        if (version != null && version.matches("\\d+")) {
            return Optional.of(Long.parseLong(version));
        }
        String timestamp = restore.operationParameters().get("timestamp");
        if (timestamp == null || timestamp.isEmpty()) {
            return Optional.empty();
        }
        Instant instant = RestoreTime.parse(timestamp);
        return times.headMap(restore.version()).entrySet().stream()
                .filter(e -> !e.getValue().isAfter(instant))
                .map(Map.Entry::getKey)
                .max(Long::compare);
    }

    private OptionalLong versionOf(String batchId) {
        LakeTable.VersionRange range = table.versions();
        try (Stream<TableCommit> commits = table.commits(range.earliest(), range.latest())) {
            return commits.map(TableCommit::entry)
                    .filter(e -> e.userMetadata()
                            .filter(userMetadata(batchId)::equals)
                            .isPresent())
                    .mapToLong(HistoryEntry::version)
                    .max();
        }
    }
}
