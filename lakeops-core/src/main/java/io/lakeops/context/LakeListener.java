package io.lakeops.context;

/**
 * Hears what LakeOps does while it does it.
 *
 * <p>Threads: called on the thread that does the work, so it must be quick and must not throw.
 */
@FunctionalInterface
public interface LakeListener {
    /** Takes one event. */
    void on(LakeEvent event);

    /** A listener that hears nothing. */
    static LakeListener silent() {
        return event -> {};
    }

    /** A listener that writes warnings and commits to {@link System.Logger}. */
    static LakeListener logging() {
        System.Logger logger = System.getLogger("io.lakeops");
        return event -> logger.log(
                event instanceof LakeEvent.Warning ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                event::toString);
    }
}
