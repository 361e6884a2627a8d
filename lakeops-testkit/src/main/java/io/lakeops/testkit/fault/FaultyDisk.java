package io.lakeops.testkit.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A disk on which one fault happens. Its paths name the real files, so that an engine of native code can open them too.
 *
 * <p>Every step that changes the disk is counted: opening a file to write, each write, force, new time, folder, link, move and
 * delete. What an engine writes past Java is made known by {@link #wrote}.
 *
 * <p>Threads: safe; one fault for all threads.
 */
public final class FaultyDisk {
    private final Fault fault;
    private final FaultyProvider provider;
    private final List<String> steps = new ArrayList<>();
    /** Bytes of a file that a power cut leaves, by real path; a file that is not here is whole. */
    private final Map<Path, Long> forced = new LinkedHashMap<>();
    /** Names that a power cut takes, because their folder was not forced. */
    private final Set<Path> names = new LinkedHashSet<>();

    private boolean dead;

    public FaultyDisk(Fault fault) {
        this.fault = fault;
        this.provider = new FaultyProvider(this);
    }

    /** The file as this disk has it. */
    public Path path(Path real) {
        return provider.wrap(real);
    }

    /** The steps so far, in order. */
    public synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    /** Whether the fault has happened. */
    public synchronized boolean happened() {
        return fault.step() > 0 && steps.size() >= fault.step();
    }

    /**
     * Counts a step that changes the disk, and lets the fault happen.
     *
     * @return whether only half of it is to be done, after which {@link #die} must be called
     */
    synchronized boolean step(String what, boolean needsSpace) throws IOException {
        if (dead) {
            throw new ProcessDied(what);
        }
        steps.add(what);
        boolean now = steps.size() == fault.step();
        if (now && fault.kind() == Fault.Kind.TEARS) {
            return true;
        }
        if (now && fault.kills()) {
            die(what);
        }
        boolean failsOnce = now && fault.kind() == Fault.Kind.FAILS_ONCE;
        boolean full = fault.kind() == Fault.Kind.FULL && fault.step() > 0 && steps.size() >= fault.step();
        if ((failsOnce || full) && needsSpace) {
            throw new FileSystemException(what, null, "No space left on device");
        }
        if (failsOnce) {
            throw new FileSystemException(what, null, "Input/output error");
        }
        return false;
    }

    /** A step that can't be half done. */
    void wholeStep(String what, boolean needsSpace) throws IOException {
        if (step(what, needsSpace)) {
            die(what);
        }
    }

    synchronized void die(String what) {
        dead = true;
        if (fault.kind() == Fault.Kind.FORGETS) {
            forget();
        }
        throw new ProcessDied(what);
    }

    /** The machine ends after the last step: what was not forced to the disk is lost. */
    public synchronized void cutPower() {
        dead = true;
        forget();
    }

    synchronized void requireAlive(String what) {
        if (dead) {
            throw new ProcessDied(what);
        }
    }

    /** Files that were written past Java and forced by nobody. */
    synchronized void wrote(Collection<Path> files) {
        for (Path file : files) {
            Path real = provider.unwrap(file);
            created(real);
            forced.put(real, 0L);
        }
    }

    synchronized void created(Path real) {
        names.add(real);
    }

    synchronized void written(Path real) {
        forced.putIfAbsent(real, 0L);
    }

    synchronized void forced(Path real, boolean folder) {
        if (folder) {
            names.removeIf(name -> real.equals(name.getParent()));
        } else {
            forced.remove(real);
        }
    }

    synchronized void linked(Path from, Path to) {
        if (forced.containsKey(from)) {
            forced.put(to, forced.get(from));
        }
        created(to);
    }

    synchronized void moved(Path from, Path to) {
        linked(from, to);
        deleted(from);
    }

    synchronized void deleted(Path real) {
        names.remove(real);
        forced.remove(real);
    }

    private void forget() {
        try {
            List<Path> lost = new ArrayList<>(names);
            // The newest first, so that a folder is empty of its own new names before it goes.
            for (int i = lost.size() - 1; i >= 0; i--) {
                try {
                    Files.deleteIfExists(lost.get(i));
                } catch (DirectoryNotEmptyException kept) {
                    // A folder whose content was forced stays: file systems order this themselves.
                    names.remove(lost.get(i));
                }
            }
            for (Map.Entry<Path, Long> file : forced.entrySet()) {
                if (Files.exists(file.getKey())) {
                    try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
                        channel.truncate(file.getValue());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
