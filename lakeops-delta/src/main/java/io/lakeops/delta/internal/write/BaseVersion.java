package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.FileSet;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Snapshot;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The version that a commit was planned on, as far as a commit must know it.
 *
 * <p>Threads: immutable and safe.
 */
public interface BaseVersion {
    /** A snapshot of this format; INVALID_ARGUMENT for another's. */
    static BaseVersion of(Snapshot snapshot) {
        if (snapshot instanceof BaseVersion version) {
            return version;
        }
        throw new LakeException(
                ErrorCode.INVALID_ARGUMENT,
                "a table can be like another of the same format only",
                Map.of("table", snapshot.table()));
    }

    long version();

    Instant timestamp();

    Protocol protocol();

    Metadata metadata();

    TablePaths paths();

    /** Domain metadata in force. */
    Map<String, String> domains();

    /** The files of the version, by {@link LoggedFile#key()}. */
    FileSet logged();

    /** The newest number that was committed for an application. */
    OptionalLong sequence(String application);
}
