package io.lakeops.error;

/** Whether, and when, the same request may be sent again. */
public enum Retry {
    /** The same request fails again. */
    NEVER,
    /** The same request may succeed later, unchanged. */
    AS_IS,
    /** The request must be planned again on the newest version. */
    AFTER_REFRESH,
    /** Somebody must look first: what happened is not known. */
    AFTER_INSPECTION
}
