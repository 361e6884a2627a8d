package io.lakeops.error;

/** Whose move it is when an error happens. */
public enum ErrorKind {
    /** The caller asked for something that can't be; the request must change. */
    USER,
    /** Another writer was faster; nothing of ours landed. */
    CONFLICT,
    /** Disk, permissions, memory, another process: the surroundings must change. */
    ENVIRONMENT,
    /** Stored bytes are not what the format says they must be. */
    CORRUPTION,
    /** A fault of LakeOps itself. */
    BUG
}
