package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one listing of a table's log showed: its commits and its complete checkpoints, by version.
 *
 * <p>Source: Delta protocol, "Delta Log Entries", "Checkpoints".
 */
public record LogListing(Path log, NavigableMap<Long, Path> commits, NavigableMap<Long, CheckpointFiles> checkpoints) {
    private static final int VERSION_DIGITS = 20;
    private static final int COMMIT_NAME_LENGTH = VERSION_DIGITS + ".json".length();
    private static final Pattern CHECKPOINT = Pattern.compile(
            "(00\\d{18})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10})\\.parquet|\\.[0-9A-Za-z-]+\\.(?:json|parquet)"
                    + "|\\.parquet)");

    /** The folder of a table's log. */
    public static Path log(Path root) {
        return root.resolve("_delta_log");
    }

    /** Where a log's checkpoints keep their sidecars. */
    public static Path sidecars(Path log) {
        return log.resolve("_sidecars");
    }

    /** The file of a commit. */
    public static Path commit(Path root, long version) {
        return log(root).resolve(String.format("%020d.json", version));
    }

    /** The file of a commit of this log. */
    public Path commitFile(long version) {
        return log.resolve(String.format("%020d.json", version));
    }

    /** Whether a log with at least one commit or checkpoint stands there. */
    public static boolean exists(Path root) {
        LogListing listing = of(root);
        return !listing.commits.isEmpty() || !listing.checkpoints.isEmpty();
    }

    /** Lists the log; TABLE_NOT_FOUND where it holds no commit. */
    public static LogListing require(Path root) {
        LogListing listing = of(root);
        if (listing.commits.isEmpty()) {
            throw new LakeException(
                    ErrorCode.TABLE_NOT_FOUND,
                    Files.isDirectory(root)
                            ? "the folder holds no Delta table: its _delta_log has no commit"
                            : "there is no such folder",
                    Map.of("path", root));
        }
        return listing;
    }

    /** The newest version that has a commit; TABLE_NOT_FOUND where none has. Keeps nothing of the listing. */
    public static long newest(Path root) {
        long newest = -1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log(root))) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                newest = Math.max(newest, commitVersion(name));
            }
        } catch (NoSuchFileException e) {
            return require(root).latest();
        } catch (IOException e) {
            throw LogErrors.io("the log can't be listed", log(root), e);
        }
        return newest < 0 ? require(root).latest() : newest;
    }

    /** The version of a commit's file; negative for another file. There may be ten thousands of them. */
    private static long commitVersion(String name) {
        // No table reaches a version that two digits more would not hold.
        if (name.length() != COMMIT_NAME_LENGTH || !name.endsWith(".json") || !name.startsWith("00")) {
            return -1;
        }
        long version = 0;
        for (int i = 0; i < VERSION_DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            version = version * 10 + digit;
        }
        return version;
    }

    private static LogListing of(Path root) {
        return ofLog(log(root));
    }

    /** What stands in a log's folder, be it a whole log or not. */
    public static LogListing ofLog(Path log) {
        NavigableMap<Long, Path> commits = new TreeMap<>();
        NavigableMap<Long, CheckpointFiles> checkpoints = new TreeMap<>();
        Map<String, NavigableMap<String, Path>> parts = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                long commit = commitVersion(name);
                if (commit >= 0) {
                    commits.put(commit, file);
                    continue;
                }
                Matcher checkpoint = CHECKPOINT.matcher(name);
                if (checkpoint.matches()) {
                    long version = Long.parseLong(checkpoint.group(1));
                    if (checkpoint.group(2) == null) {
                        join(checkpoints, new CheckpointFiles(version, List.of(file)));
                    } else {
                        NavigableMap<String, Path> seen =
                                parts.computeIfAbsent(version + "/" + checkpoint.group(3), v -> new TreeMap<>());
                        seen.put(name, file);
                        if (seen.size() == Long.parseLong(checkpoint.group(3))) {
                            join(checkpoints, new CheckpointFiles(version, List.copyOf(seen.values())));
                        }
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return new LogListing(log, commits, checkpoints);
        } catch (IOException e) {
            // A file may stand where a folder was looked for, here or further up.
            if (!(e instanceof AccessDeniedException) && !Files.isDirectory(log)) {
                return new LogListing(log, commits, checkpoints);
            }
            throw LogErrors.io("the log can't be listed", log, e);
        }
        return new LogListing(log, commits, checkpoints);
    }

    /** Every checkpoint of one file that a log holds, also where there are several of one version. */
    public static List<Path> checkpointFiles(Path log) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                Matcher checkpoint = CHECKPOINT.matcher(String.valueOf(file.getFileName()));
                if (checkpoint.matches() && checkpoint.group(2) == null) {
                    found.add(file);
                }
            }
        } catch (IOException e) {
            throw LogErrors.io("the log can't be listed", log, e);
        }
        return found;
    }

    private static void join(NavigableMap<Long, CheckpointFiles> checkpoints, CheckpointFiles found) {
        checkpoints.merge(found.version(), found, CheckpointFiles::better);
    }

    /** The newest version. */
    public long latest() {
        return commits.lastKey();
    }

    /** The oldest version of the unbroken run of commits that ends at the newest. */
    public long earliestCommit() {
        long version = latest();
        while (commits.containsKey(version - 1)) {
            version--;
        }
        return version;
    }

    /** The oldest version that can be put together from what the log holds. */
    public long earliestReadable() {
        long from = earliestCommit();
        if (from == 0 || checkpoints.containsKey(from - 1)) {
            return from;
        }
        Long checkpoint = checkpoints.ceilingKey(from);
        if (checkpoint == null || checkpoint > latest()) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT,
                    "a commit of the log is missing and no checkpoint stands in for it",
                    Map.of("missing", String.format("%020d.json", from - 1), "log", log));
        }
        return checkpoint;
    }

    /** The same without a checkpoint that can't be read. */
    public LogListing without(long checkpoint) {
        NavigableMap<Long, CheckpointFiles> others = new TreeMap<>(checkpoints);
        others.remove(checkpoint);
        return new LogListing(log, commits, others);
    }

    /** Whether a version can be put together. */
    public boolean reaches(long version) {
        Long base = checkpoints.floorKey(version);
        for (long v = version; v > (base == null ? -1 : base); v--) {
            if (!commits.containsKey(v)) {
                return false;
            }
        }
        return true;
    }

    /** VERSION_NOT_FOUND or VERSION_NOT_RETAINED unless {@code version} can be put together. */
    public void requireReadable(long version) {
        long latest = latest();
        if (version < 0 || version > latest) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_FOUND,
                    "there is no version " + version,
                    Map.of("earliest", earliestReadable(), "latest", latest));
        }
        if (version < earliestReadable()) {
            throw new LakeException(
                    ErrorCode.VERSION_NOT_RETAINED,
                    "the log of version " + version + " was cleaned up",
                    Map.of("earliest", earliestReadable(), "latest", latest));
        }
    }
}
