package io.lakeops.error;

import java.util.LinkedHashMap;
import java.util.Map;

/** Another writer's commit stands where ours should; nothing of ours landed, and staged files may be cleaned. */
public final class CommitConflictException extends LakeException {
    private final Winner winner;

    /** Names the winner in the message, beside {@code context}. */
    public CommitConflictException(Winner winner, Map<String, ?> context) {
        super(
                ErrorCode.COMMIT_CONFLICT,
                "version " + winner.version() + " (" + winner.operation() + ") landed first: " + winner.overlap(),
                with(context, winner));
        this.winner = winner;
    }

    /**
     * The first commit that stands in the way.
     *
     * @param operation its name in the history
     * @param overlap what of it ours can't stand beside, in words
     */
    public record Winner(long version, String operation, String overlap) {}

    public Winner winner() {
        return winner;
    }

    private static Map<String, ?> with(Map<String, ?> context, Winner winner) {
        Map<String, Object> all = new LinkedHashMap<>(context);
        all.put("winnerVersion", winner.version());
        return all;
    }
}
