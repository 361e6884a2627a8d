package io.lakeops.ingest;

import io.lakeops.table.HistoryEntry;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.table.TableCommit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
    private final Descent descent;

    Settlement(LakeTable table, Source source, List<LedgerRow> rows, Descent descent) {
        this.table = table;
        this.source = source;
        this.rows = rows;
        this.descent = descent;
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
        // One row a batch: of two in one version of the ledger, nobody could say which is newer.
        NavigableMap<Long, LedgerRow> findings = new TreeMap<>();
        intents().forEach((number, id) -> {
            if (!known.containsKey(number) && number <= reached) {
                boolean isVoid = number == givenUp;
                findings.put(
                        number,
                        LedgerRow.batch(
                                number,
                                id,
                                isVoid ? LedgerRow.VOID : LedgerRow.COMMITTED,
                                now,
                                isVoid ? OptionalLong.empty() : versionOf(id)));
            }
        });
        NavigableMap<Long, LedgerRow> all = new TreeMap<>(known);
        all.putAll(findings);
        findings.putAll(restored(all, now));
        return List.copyOf(findings.values());
    }

    /** The batches that a RESTORE took away or brought back, against what is known of them. */
    private Map<Long, LedgerRow> restored(NavigableMap<Long, LedgerRow> known, Instant now) {
        Map<Long, LedgerRow> changed = new TreeMap<>();
        if (known.values().stream().noneMatch(Settlement::stood)) {
            return changed;
        }
        descent.upToNow();
        known.forEach((number, row) -> {
            if (stood(row)) {
                String status = descent.holds(row.tableVersion().getAsLong())
                        .map(holds -> holds ? LedgerRow.COMMITTED : LedgerRow.FALLEN)
                        .orElse(row.status());
                if (!status.equals(row.status())) {
                    changed.put(number, LedgerRow.batch(number, row.batchId(), status, now, row.tableVersion()));
                }
            }
        });
        return changed;
    }

    /** Whether a batch's rows are, or once were, in the table, at a version that is known. */
    private static boolean stood(LedgerRow batch) {
        return batch.tableVersion().isPresent() && !batch.status().equals(LedgerRow.VOID);
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
