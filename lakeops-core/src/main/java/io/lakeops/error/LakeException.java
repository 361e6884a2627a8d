package io.lakeops.error;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that LakeOps throws: a stable code, the problem, its context and the way out.
 *
 * <p>Shape: {@code CODE: problem {key=value, …} Fix: the way out.}
 */
public class LakeException extends RuntimeException {
    private final ErrorCode code;
    private final String problem;
    private final transient Map<String, Object> context;

    public LakeException(ErrorCode code, String problem) {
        this(code, problem, Map.of(), null);
    }

    public LakeException(ErrorCode code, String problem, Map<String, ?> context) {
        this(code, problem, context, null);
    }

    public LakeException(ErrorCode code, String problem, @Nullable Throwable cause) {
        this(code, problem, Map.of(), cause);
    }

    public LakeException(ErrorCode code, String problem, Map<String, ?> context, @Nullable Throwable cause) {
        super(code + ": " + problem + describe(context) + " Fix: " + code.fix(), cause);
        this.code = code;
        this.problem = problem;
        this.context = new LinkedHashMap<>(context);
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** The stable code. */
    public ErrorCode code() {
        return code;
    }

    /** What went wrong, without code, context and fix. */
    public String problem() {
        return problem;
    }

    /** The values that the message shows, by name. */
    public Map<String, Object> context() {
        return Map.copyOf(context);
    }

    private static String describe(Map<String, ?> context) {
        if (context.isEmpty()) {
            return "";
        }
        return context.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", ", " {", "}"));
    }
}
