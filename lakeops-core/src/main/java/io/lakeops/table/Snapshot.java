package io.lakeops.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table at one version. Never changes.
 *
 * <p>Threads: immutable and safe.
 */
public interface Snapshot {
    TableId table();

    TableLocation location();

    long version();

    /** When the version was committed. */
    Instant timestamp();

    Schema schema();

    /** The partition columns by their logical names, in order. */
    List<String> partitionColumns();

    /** Format, properties, features and the like. */
    TableDetail detail();

    /** All files; refine it by {@link TableScan#where}. */
    TableScan scan();

    /** What a commit on top of this version builds on beside rows. */
    Coordination coordination();

    /** Positions of the rows that a file's deletion vector deletes; DELETION_VECTOR_CORRUPT where it can't be read. */
    DeletedRows deletedRows(DataFile file);

    /** The parts of a snapshot that coordinate writers. */
    interface Coordination {
        /** The newest number that was committed for an application; see {@link Sequence}. */
        OptionalLong sequence(String application);

        /** Domain metadata that is in force, by domain. */
        Map<String, String> domains();

        /** Whether a commit that changes rows must bring them as change data too; see {@link FileChange.ChangeFile}. */
        default boolean changeData() {
            return false;
        }

        /**
         * Columns that a commit on top of this version is to bring, as the files for it must have them: a column that the
         * table has keeps its place in them, and a new one gets its own.
         */
        default Schema placed(Schema wanted) {
            return wanted;
        }

        /** Takes the vectors that delete rows; empty where the table does not ask for vectors, so that files are rewritten. */
        default Optional<DeletionVectorWriter> deletionVectors() {
            return Optional.empty();
        }
    }
}
