package io.lakeops.error;

import java.util.Map;

/** Whether our commit landed could not be found out: touch nothing, delete no staged file, look first. */
public final class CommitOutcomeUnknownException extends LakeException {
    public CommitOutcomeUnknownException(String problem, Map<String, ?> context, Throwable cause) {
        super(ErrorCode.COMMIT_OUTCOME_UNKNOWN, problem, context, cause);
    }
}
