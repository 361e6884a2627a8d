package io.lakeops.ingest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;

/** The files that a ledger knows, as far as its rows count. */
final class KnownFiles {
    /** By path, the newest row that counts. */
    private final Map<String, LedgerRow> byPath = new HashMap<>();
    /** By path, the newest row of a load that counts. */
    private final Map<String, LedgerRow> loadedByPath = new HashMap<>();
    /** By content, a row of a file that is loaded. */
    private final Map<String, LedgerRow> byHash = new HashMap<>();

    private final Restated restated;

    KnownFiles(List<LedgerRow> rows, NavigableMap<Long, LedgerRow> batches, Restated restated) {
        this.restated = restated;
        for (LedgerRow row : rows) {
            if (!row.isFile()) {
                continue;
            }
            boolean loaded = row.status().equals(LedgerRow.LOADED);
            if (loaded && !committed(row, batches)) {
                continue;
            }
            byPath.merge(row.path(), row, KnownFiles::newer);
            if (loaded) {
                loadedByPath.merge(row.path(), row, KnownFiles::newer);
                if (restated != Restated.REPLACE) {
                    byHash.put(row.hash(), row);
                }
            }
        }
        // Content that a restated file replaced is no longer in the table.
        loadedByPath.values().forEach(row -> byHash.put(row.hash(), row));
        // A copy that was skipped is known only as long as the content that it copied is.
        byPath.values().removeIf(row -> row.status().equals(LedgerRow.SKIPPED) && !byHash.containsKey(row.hash()));
    }

    private static LedgerRow newer(LedgerRow a, LedgerRow b) {
        return a.ledgerVersion() >= b.ledgerVersion() ? a : b;
    }

    /** What a run would do with the files of a listing. Reads the bytes of those alone that are not known by sight. */
    List<PlannedFile> plan(List<FoundFile> listing, Instant now) {
        List<PlannedFile> planned = new ArrayList<>();
        Map<String, Long> inThisListing = new HashMap<>();
        Map<FoundFile, String> hashes = new HashMap<>();
        for (FoundFile file : listing) {
            if (!inSight(file) && !file.arrived().isAfter(now)) {
                hashes.put(file, RawFolder.hash(file));
            }
        }
        Map<String, LedgerRow> staying = staying(hashes);
        for (FoundFile file : listing) {
            LedgerRow known = byPath.get(file.name());
            if (known != null && inSight(file)) {
                PlannedFile.State state = known.status().equals(LedgerRow.FAILED)
                        ? PlannedFile.State.FAILED_BEFORE
                        : PlannedFile.State.SAME;
                planned.add(new PlannedFile(file, state, Optional.of(known.hash()), known.rows()));
                continue;
            }
            if (file.arrived().isAfter(now)) {
                planned.add(new PlannedFile(file, PlannedFile.State.NOT_ARRIVED, Optional.empty(), 0));
                continue;
            }
            String hash = Objects.requireNonNull(hashes.get(file));
            LedgerRow twin = staying.get(hash);
            // An empty file has the content of every other empty file; that makes it no copy.
            if (file.fileBytes() > 0 && (twin != null || inThisListing.containsKey(hash))) {
                planned.add(new PlannedFile(
                        file, PlannedFile.State.COPY, Optional.of(hash), twin == null ? 0 : twin.rows()));
                continue;
            }
            inThisListing.put(hash, 0L);
            Optional<LedgerRow> before = Optional.ofNullable(loadedByPath.get(file.name()));
            planned.add(new PlannedFile(
                    file,
                    before.isPresent() ? PlannedFile.State.RESTATED : PlannedFile.State.NEW,
                    Optional.of(hash),
                    before.map(LedgerRow::rows).orElse(0L)));
        }
        return planned;
    }

    private boolean inSight(FoundFile file) {
        LedgerRow known = byPath.get(file.name());
        return known != null
                && known.fileBytes() == file.fileBytes()
                && known.modified().equals(file.arrived());
    }

    /** The contents that are in the table and stay there: what this listing replaces can't make another file a copy. */
    private Map<String, LedgerRow> staying(Map<FoundFile, String> hashes) {
        if (restated != Restated.REPLACE) {
            return byHash;
        }
        Map<String, LedgerRow> staying = new HashMap<>(byHash);
        hashes.forEach((file, hash) -> {
            LedgerRow before = loadedByPath.get(file.name());
            if (before != null && !before.hash().equals(hash)) {
                staying.remove(before.hash(), before);
            }
        });
        return staying;
    }

    private static boolean committed(LedgerRow row, NavigableMap<Long, LedgerRow> batches) {
        if (row.batch().isEmpty()) {
            return false;
        }
        LedgerRow batch = batches.get(row.batch().getAsLong());
        return batch != null && batch.status().equals(LedgerRow.COMMITTED);
    }
}
