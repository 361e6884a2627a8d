package io.lakeops.error;

/**
 * The stable names of everything that can go wrong, with the way out of each.
 *
 * <p>A code never changes its meaning; {@code docs/reference/errors.md} is generated from this list.
 */
public enum ErrorCode {
    // What the caller asked for
    INVALID_ARGUMENT(ErrorKind.USER, Retry.NEVER, "Correct the argument that the message names."),
    UNKNOWN_OPTION(ErrorKind.USER, Retry.NEVER, "Use one of the options that the message lists."),
    PROVIDER_MISSING(ErrorKind.USER, Retry.NEVER, "Add the Maven dependency that the message names."),
    PROVIDER_AMBIGUOUS(ErrorKind.USER, Retry.NEVER, "Leave only one of the named jars on the class path."),
    NOT_YET(
            ErrorKind.USER,
            Retry.NEVER,
            "This verb is planned and not built; see the table of verbs in docs/reference/sql.md."),
    SQL_SYNTAX(ErrorKind.USER, Retry.NEVER, "Correct the statement at the place that the message shows."),
    SQL_FAILED(ErrorKind.USER, Retry.NEVER, "Read the engine's message; correct the statement or the data it names."),
    TABLE_NOT_FOUND(ErrorKind.USER, Retry.NEVER, "Check the path, or create the table first."),
    TABLE_ALREADY_EXISTS(ErrorKind.USER, Retry.NEVER, "Choose another path, or open the table that is there."),
    TABLE_NAME_AMBIGUOUS(ErrorKind.USER, Retry.NEVER, "Name the table by its path."),
    VERSION_NOT_FOUND(ErrorKind.USER, Retry.NEVER, "Choose a version between those that the message names."),
    VERSION_NOT_RETAINED(
            ErrorKind.USER, Retry.NEVER, "Choose a newer version: this one's log or files were cleaned up."),
    TIMESTAMP_OUT_OF_RANGE(ErrorKind.USER, Retry.NEVER, "Choose an instant between those that the message names."),
    CHANGES_NOT_RECORDED(
            ErrorKind.USER,
            Retry.NEVER,
            "Choose versions throughout which the table's change feed was on; DESCRIBE HISTORY tells since when."),
    COLUMN_NOT_FOUND(ErrorKind.USER, Retry.NEVER, "Use one of the columns that the message lists."),
    SCHEMA_MISMATCH(
            ErrorKind.USER, Retry.NEVER, "Make the rows fit the table's columns and types, or change the table first."),
    TYPE_UNSUPPORTED(ErrorKind.USER, Retry.NEVER, "Use one of the types that docs/reference/types.md lists."),
    CONSTRAINT_VIOLATED(
            ErrorKind.USER, Retry.NEVER, "Correct the rows that the message shows, or drop the constraint."),
    AMBIGUOUS_MATCH(
            ErrorKind.USER,
            Retry.NEVER,
            "Make the source's keys unique: one target row was matched by several source rows."),
    FEATURE_UNSUPPORTED(
            ErrorKind.USER,
            Retry.NEVER,
            "The table uses a feature that LakeOps does not support for this use; read docs/delta-features.md."),
    RETENTION_TOO_SHORT(
            ErrorKind.USER,
            Retry.NEVER,
            "Retain at least as long as the table's own retention, or say SET lakeops_retention_check = false."),
    RESTORE_FILES_MISSING(
            ErrorKind.USER, Retry.NEVER, "Choose a version whose files still stand, or bring the named files back."),
    TRANSACTION_NOT_SUPPORTED(ErrorKind.USER, Retry.NEVER, "Run the statement with auto-commit on, outside BEGIN."),
    READ_ONLY(ErrorKind.USER, Retry.NEVER, "Open the connection without read_only=true."),
    PATH_OUTSIDE_TABLE(
            ErrorKind.USER,
            Retry.NEVER,
            "The table's log names a file outside the table, which is not followed. Inspect the table's origin. Where it is a shallow"
                    + " clone that you trust, allow its source's folder: SET lakeops_allowed_roots, or LakeContext.withRoots."),
    CANCELLED(ErrorKind.USER, Retry.AS_IS, "The host cancelled this; run it again when wanted."),
    SOURCE_NOT_FOUND(ErrorKind.USER, Retry.NEVER, "Check the folder or the file pattern of the source."),
    SOURCE_UNREADABLE(
            ErrorKind.USER,
            Retry.NEVER,
            "The raw file can't be read as its format; have it delivered again, or move it away."),
    SOURCE_EMPTY(ErrorKind.USER, Retry.NEVER, "The raw file has no bytes; have it delivered again, or move it away."),
    SOURCE_ENCODING(ErrorKind.USER, Retry.NEVER, "The raw file is not UTF-8; convert it, for instance with iconv."),
    SOURCE_COLUMNS(
            ErrorKind.USER,
            Retry.NEVER,
            "The raw file's columns are not those declared for the source; correct the file or the declaration."),
    REJECT_LIMIT_EXCEEDED(
            ErrorKind.USER,
            Retry.NEVER,
            "Look at the rejects that the message counts; correct the file or raise the limit."),
    CHECK_INVALID(ErrorKind.USER, Retry.NEVER, "Correct the check's arguments."),
    MODEL_INVALID(ErrorKind.USER, Retry.NEVER, "Correct the model that the message names."),
    // Another writer
    COMMIT_CONFLICT(
            ErrorKind.CONFLICT,
            Retry.AFTER_REFRESH,
            "Nothing was written; run the operation again on the newest version."),
    // The surroundings
    COMMIT_OUTCOME_UNKNOWN(
            ErrorKind.ENVIRONMENT,
            Retry.AFTER_INSPECTION,
            "Look whether the version that the message names has landed before anything is retried or deleted."),
    IO_FAILED(ErrorKind.ENVIRONMENT, Retry.AS_IS, "Check the disk, the path and its permissions."),
    PERMISSION_DENIED(
            ErrorKind.ENVIRONMENT,
            Retry.AS_IS,
            "Give this process the right to write there, or choose another folder."),
    DISK_FULL(
            ErrorKind.ENVIRONMENT, Retry.AS_IS, "Free some space and run the operation again; nothing was committed."),
    MEMORY_EXCEEDED(
            ErrorKind.ENVIRONMENT,
            Retry.NEVER,
            "Give the session a larger memory budget, or a temp directory with more space to spill to."),
    WAREHOUSE_LOCKED(
            ErrorKind.ENVIRONMENT,
            Retry.AS_IS,
            "Another process holds the warehouse file; end that process, or open it with read_only=true once it is free."),
    ENGINE_FAILED(ErrorKind.ENVIRONMENT, Retry.AS_IS, "Read the engine's message, which the cause carries."),
    // Stored bytes
    LOG_CORRUPT(
            ErrorKind.CORRUPTION,
            Retry.NEVER,
            "Follow docs/runbooks/log-corrupt.md; older versions may still be read by number."),
    DATA_FILE_MISSING(ErrorKind.CORRUPTION, Retry.NEVER, "Follow docs/runbooks/data-file-missing.md."),
    DATA_FILE_CORRUPT(ErrorKind.CORRUPTION, Retry.NEVER, "Follow docs/runbooks/data-file-corrupt.md."),
    DELETION_VECTOR_CORRUPT(ErrorKind.CORRUPTION, Retry.NEVER, "Follow docs/runbooks/deletion-vector-corrupt.md."),
    WAREHOUSE_CORRUPT(
            ErrorKind.CORRUPTION,
            Retry.NEVER,
            "Follow docs/runbooks/warehouse-corrupt.md: move the file away and run the models again."),
    // Ourselves
    VERIFICATION_FAILED(
            ErrorKind.BUG,
            Retry.NEVER,
            "Nothing was committed; please report this with the plan that the message names."),
    INTERNAL(ErrorKind.BUG, Retry.NEVER, "Please report this with its stack trace.");

    private final ErrorKind kind;
    private final Retry retry;
    private final String fix;

    ErrorCode(ErrorKind kind, Retry retry, String fix) {
        this.kind = kind;
        this.retry = retry;
        this.fix = fix;
    }

    /** Whose move it is. */
    public ErrorKind kind() {
        return kind;
    }

    /** Whether the same request may be sent again. */
    public Retry retry() {
        return retry;
    }

    /** The usual way out, as one sentence to the user. */
    public String fix() {
        return fix;
    }
}
