package io.lakeops.delta;

import io.lakeops.delta.internal.log.CommitFile;
import io.lakeops.delta.internal.log.LogErrors;
import io.lakeops.delta.internal.log.LogListing;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest version that was seen, and the way from there to the newest that is: commits never change, so what a version was
 * it stays, as long as the file of its commit is the very one that was read.
 *
 * <p>Threads: safe.
 */
final class Newest {
    /** More commits than this are not worth reading one by one where a checkpoint may stand for them. */
    private static final int FAR = 100;

    private final Path root;
    private volatile SoftReference<@Nullable Seen> seen = new SoftReference<>(null);

    Newest(Path root) {
        this.root = root;
    }

    /**
     * The newest version.
     *
     * @param after the version that one more commit makes
     * @param load reads the newest version from the log alone
     */
    DeltaSnapshot get(BiFunction<DeltaSnapshot, CommitFile, DeltaSnapshot> after, Supplier<DeltaSnapshot> load) {
        Seen known = seen.get();
        if (known != null) {
            Optional<DeltaSnapshot> followed = follow(known, after);
            if (followed.isPresent()) {
                return followed.get();
            }
        }
        DeltaSnapshot loaded = load.get();
        look(loaded.version()).ifPresent(file -> seen = new SoftReference<>(new Seen(loaded, file)));
        return loaded;
    }

    private Optional<DeltaSnapshot> follow(Seen known, BiFunction<DeltaSnapshot, CommitFile, DeltaSnapshot> after) {
        DeltaSnapshot at = known.snapshot();
        for (int steps = 0; Files.exists(LogListing.commit(root, at.version() + 1)); steps++) {
            Optional<CommitFile> commit = CommitFile.readIfPresent(LogListing.commit(root, at.version() + 1));
            if (commit.isEmpty() || steps == FAR) {
                return Optional.empty();
            }
            at = after.apply(at, commit.get());
        }
        // Only now: a log is cleaned from its old end, so a gap above a commit that stands is the end of the log.
        if (!look(known.snapshot().version()).equals(Optional.of(known.file()))) {
            return Optional.empty();
        }
        if (at != known.snapshot()) {
            DeltaSnapshot newer = at;
            look(at.version()).ifPresent(file -> seen = new SoftReference<>(new Seen(newer, file)));
        }
        return Optional.of(at);
    }

    private Optional<Identity> look(long version) {
        Path commit = LogListing.commit(root, version);
        try {
            BasicFileAttributes file = Files.readAttributes(commit, BasicFileAttributes.class);
            return Optional.of(new Identity(
                    String.valueOf(file.fileKey()),
                    file.size(),
                    file.lastModifiedTime().toMillis()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw LogErrors.io("a commit of the log can't be looked at", commit, e);
        }
    }

    private record Seen(DeltaSnapshot snapshot, Identity file) {}

    /** What tells the file of a commit from one that another table put in its place. */
    private record Identity(String key, long bytes, long modified) {}
}
