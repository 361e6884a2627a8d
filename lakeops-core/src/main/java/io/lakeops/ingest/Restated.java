package io.lakeops.ingest;

/** What happens when a file that was loaded comes again under the same path with other content. */
public enum Restated {
    /** The rows that it brought before go and the new ones come, in one commit. */
    REPLACE,
    /** Its rows are added to those that it brought before. */
    APPEND,
    /** It is left alone, and the ledger says so. */
    SKIP,
    /** The run stops with an error before anything is loaded. */
    STOP
}
