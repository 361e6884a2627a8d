package io.lakeops.table;

/** What a commit tolerates of the commits that landed since it was planned. */
public enum Isolation {
    /** As if all ran one after another, in the order of versions. */
    SERIALIZABLE("Serializable"),
    /** Writes are serializable; a blind append may be ordered before a reader that did not see it. */
    WRITE_SERIALIZABLE("WriteSerializable"),
    /** Only the same files may not be changed twice: for rewrites that change no row. */
    SNAPSHOT("SnapshotIsolation");

    private final String label;

    Isolation(String label) {
        this.label = label;
    }

    /** The word that the history carries. */
    public String label() {
        return label;
    }
}
