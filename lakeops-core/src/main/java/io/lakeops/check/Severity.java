package io.lakeops.check;

/** How much a failure matters. */
public enum Severity {
    /** It is told, and nothing stops. */
    WARN,
    /** It fails the run. */
    ERROR;

    /** The word in results. */
    public String word() {
        return this == WARN ? "warn" : "error";
    }
}
