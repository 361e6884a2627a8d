package io.lakeops.check;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;

/** How a check ended. */
public enum Status {
    PASS("pass"),
    /** It failed, and that is tolerated. */
    WARN("warn"),
    FAIL("fail"),
    /** It could not be run; the message has the cause. */
    ERROR("error"),
    /** It was not judged, for instance for want of history. */
    SKIPPED("skipped"),
    /** There was no row to judge. Counts as a warning. */
    NO_DATA("no_data");

    private final String word;

    Status(String word) {
        this.word = word;
    }

    /** The word in results. */
    public String word() {
        return word;
    }

    /** Whether a run with such a result is broken. */
    public boolean stops() {
        return this == FAIL || this == ERROR;
    }

    /** The status of that word. */
    public static Status of(String word) {
        for (Status status : values()) {
            if (status.word.equals(word)) {
                return status;
            }
        }
        throw new LakeException(ErrorCode.INVALID_ARGUMENT, "no status is called '" + word + "'");
    }
}
