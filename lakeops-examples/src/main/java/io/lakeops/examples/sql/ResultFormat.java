package io.lakeops.examples.sql;

/** How rows are printed. */
public enum ResultFormat {
    /** Columns under each other, for people. */
    TABLE,
    /** A header and a line a row, as RFC 4180 says; NULL is an empty field, an empty text is quoted. */
    CSV,
    /** One JSON object a row. */
    JSONL
}
