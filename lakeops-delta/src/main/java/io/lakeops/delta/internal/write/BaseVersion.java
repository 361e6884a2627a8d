package io.lakeops.delta.internal.write;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.delta.internal.log.Metadata;
import io.lakeops.delta.internal.log.Protocol;
import io.lakeops.delta.internal.log.TablePaths;
import io.lakeops.delta.internal.replay.FileSet;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The version that a commit was planned on, as far as a commit must know it.
 *
 * <p>Threads: immutable and safe.
 */
public interface BaseVersion {
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
