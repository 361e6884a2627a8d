package io.lakeops.context;

/** Something that a host may want to hear of. */
public sealed interface LakeEvent {
    /**
     * Work goes on.
     *
     * @param operation what runs, such as {@code optimize}
     * @param subject what it runs on, such as a table's name
     * @param done units done so far
     * @param total units in all, or a negative number where that is unknown
     * @param unit what is counted, such as {@code files}
     */
    record Progress(String operation, String subject, long done, long total, String unit) implements LakeEvent {}

    /** A version was committed. */
    record Committed(String table, long version, String operation) implements LakeEvent {}

    /** A commit lost against another writer and is planned again. */
    record Retrying(String table, String operation, int attempt, long winnerVersion) implements LakeEvent {}

    /** Something that the user should know and that stopped nothing. */
    record Warning(String subject, String text) implements LakeEvent {}
}
