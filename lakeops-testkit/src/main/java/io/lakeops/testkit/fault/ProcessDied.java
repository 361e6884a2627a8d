package io.lakeops.testkit.fault;

/** Stands for the end of the process: nothing that runs after it reaches the disk. */
public final class ProcessDied extends Error {
    private static final long serialVersionUID = 1;

    ProcessDied(String step) {
        super("the process died at " + step);
    }
}
