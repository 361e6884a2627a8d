package io.lakeops.delta.internal.write;

import io.lakeops.context.LakeContext;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commits up to the moment at which the file would get its name, and halts the JVM there. */
public final class Interrupted {
    private Interrupted() {}

    public static void commit(Path root, Snapshot base, CommitSpec spec, int exit) {
        new Committer(root, "t", LakeContext.standard(), (target, content, time) -> {
                    Files.write(target.resolveSibling("." + target.getFileName() + ".dying.tmp"), content);
                    Runtime.getRuntime().halt(exit);
                    return false;
                })
                .commit((BaseVersion) base, spec);
    }
}
