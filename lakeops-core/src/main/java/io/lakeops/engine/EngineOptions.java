package io.lakeops.engine;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a session may use.
 *
 * @param memoryBytes the engine's own memory; beyond it, it spills
 * @param threads how many it works with
 * @param spillDirectory where it spills; created when needed, emptied on close
 */
public record EngineOptions(long memoryBytes, int threads, Path spillDirectory) {
    public EngineOptions {
        Objects.requireNonNull(spillDirectory);
        if (memoryBytes < 64L << 20) {
            throw new IllegalArgumentException("memoryBytes must be at least 64 MiB: " + memoryBytes);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be positive: " + threads);
        }
    }

    /** 1 GiB, as many threads as processors, spilling below the system's temp directory. */
    public static EngineOptions standard() {
        return new EngineOptions(
                1L << 30,
                Runtime.getRuntime().availableProcessors(),
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "lakeops-spill-" + ProcessHandle.current().pid()));
    }
}
