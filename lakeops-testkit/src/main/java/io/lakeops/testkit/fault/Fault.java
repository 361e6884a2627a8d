package io.lakeops.testkit.fault;

/**
 * What goes wrong, and at which step.
 *
 * @param kind how
 * @param step the writing step, counted from 1, at which it happens; 0 never
 */
public record Fault(Kind kind, long step) {
    /** How a disk fails. */
    public enum Kind {
        /** The process ends before the step. */
        DIES,
        /** Half of what the step writes arrives, and the process ends. */
        TEARS,
        /** The machine ends before the step: what was not forced to the disk is lost. */
        FORGETS,
        /** The step fails, for want of space where it needs some; later ones don't. */
        FAILS_ONCE,
        /** No step finds space from there on. */
        FULL
    }

    /** Nothing goes wrong. */
    public static Fault none() {
        return new Fault(Kind.DIES, 0);
    }

    boolean kills() {
        return kind == Kind.DIES || kind == Kind.TEARS || kind == Kind.FORGETS;
    }
}
