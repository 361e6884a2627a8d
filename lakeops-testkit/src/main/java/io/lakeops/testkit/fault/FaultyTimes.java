package io.lakeops.testkit.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** A file's times, whose change is a step. */
record FaultyTimes(FaultyDisk disk, Path real) implements BasicFileAttributeView {
    @Override
    public String name() {
        return "basic";
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
        disk.requireAlive("look at " + real);
        return Files.readAttributes(real, BasicFileAttributes.class);
    }

    @Override
    public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
            throws IOException {
        disk.wholeStep("set the time of " + real.getFileName(), false);
        Files.getFileAttributeView(real, BasicFileAttributeView.class).setTimes(modified, accessed, created);
    }
}
