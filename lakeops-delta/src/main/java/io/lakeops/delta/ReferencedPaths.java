package io.lakeops.delta;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.DeletionVectorReader;
import io.lakeops.delta.internal.log.JsonObject;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.Replay;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LogParquet;
import io.lakeops.table.References;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files that a VACUUM with a cutoff must leave: what the newest version needs, and every path that a commit newer than
 * the cutoff names, so that each version from the cutoff on stays readable. Where the commits do not reach back to the
 * cutoff, the oldest checkpoint's files and tombstones stand in, and the answer says that it is not complete.
 */
final class ReferencedPaths {
    private final LogListing listing;
    private final LogParquet log;
    private final TablePaths paths;
    private final Set<String> found = new HashSet<>();

    ReferencedPaths(LogListing listing, LogParquet log, TablePaths paths) {
        this.listing = listing;
        this.log = log;
        this.paths = paths;
    }

    References since(Instant cutoff, DeltaSnapshot newest) {
        newest.logged().values().forEach(this::protect);
        CommitTimes times = new CommitTimes(listing);
        long earliest = listing.earliestCommit();
        long version = listing.latest();
        while (version >= earliest && times.of(version).isAfter(cutoff)) {
            protect(version);
            version--;
        }
        boolean complete = version >= earliest || earliest == 0;
        if (!complete) {
            listing.checkpoints().keySet().stream()
                    .filter(checkpoint -> checkpoint >= earliest)
                    .findFirst()
                    .ifPresent(checkpoint ->
                            Replay.of(checkpoint, listing, log).paths().forEach(this::protect));
        }
        return new References(found, complete, newest.version());
    }

    private void protect(long version) {
        CommitFile commit = CommitFile.readIfPresent(LogListing.commit(paths.root(), version))
                .orElseThrow(() -> new LakeException(
                        ErrorCode.VERSION_NOT_RETAINED,
                        "the commit of version " + version + " was cleaned up while it was looked at",
                        Map.of("log", listing.log())));
        for (JsonObject action : commit.actions()) {
            action.object("add").map(LoggedFile::add).ifPresent(this::protect);
            action.object("remove").map(LoggedFile::remove).ifPresent(this::protect);
            action.object("cdc").ifPresent(cdc -> protect(TablePaths.decode(cdc.text("path"))));
        }
    }

    private void protect(LoggedFile file) {
        protect(TablePaths.decode(file.logPath()));
        Optional<String> vector = file.deletionVector().map(DeletionVectorReader::file);
        vector.filter(path -> !path.isEmpty()).ifPresent(this::protect);
    }

    /** A path outside the table is none that a VACUUM of this table could delete. */
    private void protect(String path) {
        paths.own(path).ifPresent(found::add);
    }
}
