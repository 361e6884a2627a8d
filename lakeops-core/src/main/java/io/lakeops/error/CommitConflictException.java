package io.lakeops.error;

import java.util.Map;

/** Another writer's commit stands where ours should; nothing of ours landed, and staged files may be cleaned. */
public final class CommitConflictException extends LakeException {
    private final long winnerVersion;

    public CommitConflictException(String problem, long winnerVersion, Map<String, ?> context) {
        super(ErrorCode.COMMIT_CONFLICT, problem, context);
        this.winnerVersion = winnerVersion;
    }

    /** The first version that stands in our way. */
    public long winnerVersion() {
        return winnerVersion;
    }
}
