package io.lakeops.delta.internal.upkeep;

import io.lakeops.context.LakeContext;
import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.replay.TableState;
import io.lakeops.error.LakeException;
import io.lakeops.maintenance.Retention;
import io.lakeops.table.LogUpkeep;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes the old end of a log. Every version stays that is not older than the table's log retention, and the newest one that
 * is older, with a checkpoint at or before it that was just read whole.
 *
 * <p>Files go from the oldest version on, so that whatever is left when it is stopped is a log that reads as before.
 *
 * <p>Threads: safe; several processes may clean one log, beside readers and writers.
 *
 * <p>Source: Delta protocol, "Metadata Cleanup".
 */
final class LogCleaning {
    private static final String RETENTION = "delta.logRetentionDuration";
    private static final Duration DEFAULT_RETENTION = Duration.ofDays(30);
    private static final String ENABLED = "delta.enableExpiredLogCleanup";

    /** What belongs to one version: its commit, its checksum, its checkpoints of every kind, their parts. */
    private static final Pattern OF_VERSION = Pattern.compile(
            "(\\d{20})\\.(?:json|crc|checkpoint(?:\\.[0-9A-Za-z-]+)?\\.(?:json|parquet)|checkpoint\\.\\d{10}\\.\\d{10}\\.parquet)");

    private static final Pattern COMPACTION = Pattern.compile("(\\d{20})\\.\\d{20}\\.compacted\\.json");
    private static final Pattern UNFINISHED = Pattern.compile("\\.\\d{20}\\..*\\.[0-9a-f-]{36}\\.tmp");
    /** How long a writer may take for a file of the log that has no name yet. */
    private static final Duration WRITING = Duration.ofDays(1);

    private final TableState.Reader reader;
    private final Consumer<String> warning;
    private final LakeContext context;

    LogCleaning(TableState.Reader reader, Consumer<String> warning, LakeContext context) {
        this.reader = reader;
        this.warning = warning;
        this.context = context;
    }

    /** Cleans the log of a table that is defined so, unless it asks for none of it. */
    LogUpkeep.Cleaned clean(Metadata metadata) {
        LogListing listing = LogListing.require(reader.root());
        Instant now = context.clock().instant();
        OptionalLong first = Boolean.parseBoolean(metadata.properties().getOrDefault(ENABLED, "true"))
                ? firstKept(listing, cutoff(metadata, now))
                : OptionalLong.empty();
        if (first.isEmpty()) {
            return new LogUpkeep.Cleaned(listing.earliestReadable(), 0, 0);
        }
        long files = 0;
        long bytes = 0;
        for (Path file : expired(listing.log(), first.getAsLong(), now)) {
            long size = delete(file);
            files += size < 0 ? 0 : 1;
            bytes += Math.max(0, size);
        }
        Sidecars sidecars = new Sidecars(listing.log(), reader.parquet(), warning);
        for (Path file : sidecars.orphans(now.truncatedTo(ChronoUnit.DAYS).minus(WRITING))) {
            long size = delete(file);
            files += size < 0 ? 0 : 1;
            bytes += Math.max(0, size);
        }
        return new LogUpkeep.Cleaned(LogListing.require(reader.root()).earliestReadable(), files, bytes);
    }

    /** Whole days only, as Spark has it. */
    private static Instant cutoff(Metadata metadata, Instant now) {
        String text = metadata.properties().get(RETENTION);
        Duration retention = text == null ? DEFAULT_RETENTION : Retention.parse(text);
        return now.minus(retention).truncatedTo(ChronoUnit.DAYS);
    }

    /** The version of the checkpoint that the log may begin with; empty where nothing is to be deleted. */
    private OptionalLong firstKept(LogListing listing, Instant cutoff) {
        OptionalLong newest = newestExpired(listing, cutoff);
        if (newest.isEmpty()) {
            return OptionalLong.empty();
        }
        for (long checkpoint :
                listing.checkpoints().headMap(newest.getAsLong(), true).descendingKeySet()) {
            if (checkpoint <= listing.commits().firstKey()) {
                return OptionalLong.empty();
            }
            if (reachesLatest(checkpoint, listing)) {
                Optional<LakeException> damage = reader.damage(checkpoint, listing);
                if (damage.isEmpty()) {
                    return OptionalLong.of(checkpoint);
                }
                warning.accept("the log is not cleaned up to version " + checkpoint
                        + ", whose checkpoint can't be read: " + damage.get().getMessage());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * The newest version that is older than the cutoff. Looks at the commits from the oldest on, so that a log that has nothing to
     * clean costs a look at one file.
     */
    private static OptionalLong newestExpired(LogListing listing, Instant cutoff) {
        OptionalLong newest = OptionalLong.empty();
        long last = Long.MIN_VALUE;
        for (Map.Entry<Long, Path> commit : listing.commits().entrySet()) {
            try {
                long time = Files.getLastModifiedTime(commit.getValue()).toMillis();
                last = Math.max(time, last == Long.MIN_VALUE ? time : last + 1);
                if (last > cutoff.toEpochMilli()
                        || CommitFile.inCommitTimestamp(commit.getValue()).orElse(last) > cutoff.toEpochMilli()) {
                    return newest;
                }
            } catch (NoSuchFileException gone) {
                // Somebody else is cleaning.
                return OptionalLong.empty();
            } catch (IOException e) {
                throw LogErrors.io("a commit of the log can't be looked at", commit.getValue(), e);
            }
            newest = OptionalLong.of(commit.getKey());
        }
        return newest;
    }

    private static boolean reachesLatest(long checkpoint, LogListing listing) {
        for (long version = checkpoint + 1; version <= listing.latest(); version++) {
            if (!listing.commits().containsKey(version)) {
                return false;
            }
        }
        return true;
    }

    /** What is not needed, the oldest first. */
    private static List<Path> expired(Path log, long first, Instant now) {
        record Dated(long version, Path file) {}
        List<Dated> expired = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean hadoops = name.startsWith(".") && name.endsWith(".crc");
                String of = hadoops ? name.substring(1, name.length() - ".crc".length()) : name;
                Matcher version = OF_VERSION.matcher(of);
                Matcher compaction = COMPACTION.matcher(of);
                if (version.matches() && Long.parseLong(version.group(1)) < first) {
                    expired.add(new Dated(Long.parseLong(version.group(1)), file));
                } else if (compaction.matches() && Long.parseLong(compaction.group(1)) <= first) {
                    expired.add(new Dated(Long.parseLong(compaction.group(1)), file));
                } else if (UNFINISHED.matcher(name).matches() && isAbandoned(file, now)) {
                    expired.add(new Dated(-1, file));
                }
            }
        } catch (IOException e) {
            throw LogErrors.io("the log can't be listed", log, e);
        }
        expired.sort(Comparator.comparingLong(Dated::version)
                .thenComparing(dated -> dated.file().toString()));
        return expired.stream().map(Dated::file).toList();
    }

    private static boolean isAbandoned(Path file, Instant now) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(WRITING));
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** The bytes that were deleted; negative where somebody else was first. */
    private static long delete(Path file) {
        try {
            long size = Files.size(file);
            return Files.deleteIfExists(file) ? size : -1;
        } catch (NoSuchFileException gone) {
            return -1;
        } catch (IOException e) {
            throw LogErrors.io("a file of the log can't be deleted", file, e);
        }
    }
}
