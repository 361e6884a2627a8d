package io.lakeops.ingest;

/** What happens when a file has a column that its source does not declare. */
public enum NewColumns {
    /** The table gets the column, as text, in the commit that brings the file's rows. */
    ADD,
    /** The file is not loaded, and the ledger says why. */
    FAIL
}
