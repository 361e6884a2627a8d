package io.lakeops.check;

/** From what a check was answered, the dearest of its measures deciding. */
public enum Evidence {
    /** From the table's log alone: no data file was read. */
    LOG,
    /** From stored states of data files: no data file was read. */
    STATE,
    /** Some data files were read, the log answered for the others. */
    PARTIAL_SCAN,
    /** All rows were read. */
    FULL_SCAN
}
