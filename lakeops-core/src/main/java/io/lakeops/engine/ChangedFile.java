package io.lakeops.engine;

import io.lakeops.table.DataFile;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A file of which one version changed rows.
 *
 * @param file where the rows are, with the deletion vector that leaves them
 * @param kind what became of them
 * @param version the version that changed them
 * @param timestamp when that was
 */
public record ChangedFile(DataFile file, Kind kind, long version, Instant timestamp) {
    public ChangedFile {
        Objects.requireNonNull(file);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(timestamp);
    }

    /** What became of the rows of a file. */
    public sealed interface Kind {}

    /** All that the file's vector leaves came. */
    public record Inserted() implements Kind {}

    /** All that the file's vector left went. */
    public record Deleted() implements Kind {}

    /** Those that the file's vector leaves and that of {@code before} deletes came back. */
    public record Returned(DataFile before) implements Kind {}

    /** Those that the file's vector left and that of {@code after} deletes went. */
    public record Marked(DataFile after) implements Kind {}

    /** The file is change data: each row says itself what became of it. */
    public record Recorded() implements Kind {}

    /** The vector of the same file that deletes the rows that this is about, where it is about a part of them. */
    public Optional<DataFile> other() {
        if (kind instanceof Returned returned) {
            return Optional.of(returned.before());
        }
        return kind instanceof Marked marked ? Optional.of(marked.after()) : Optional.empty();
    }
}
