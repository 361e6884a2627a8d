package io.lakeops.delta.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.UUID;

/**
 * Puts a file in place whole, durably, and only where none stands: safe between threads and processes on one disk.
 *
 * <p>The bytes go to a hidden file beside it, are forced to the disk, and a hard link gives them their name: the one call of
 * a POSIX file system that is atomic and fails where the name is taken.
 */
public final class CommitPut {
    private static final boolean WINDOWS = java.io.File.separatorChar == '\\';

    private CommitPut() {}

    /**
     * Puts the file; false where its name is taken. An IOException says nothing of whether it landed: the caller must look.
     *
     * @param time the file's time, which is the commit's time for readers of tables without in-commit timestamps
     */
    public static boolean put(Path target, byte[] content, Instant time) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        Path hidden = hidden(target);
        try {
            try (FileChannel channel =
                    FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                Files.setLastModifiedTime(hidden, FileTime.from(time));
                channel.force(true);
            }
            if (!link(target, hidden)) {
                return false;
            }
        } finally {
            Files.deleteIfExists(hidden);
        }
        if (folder != null) {
            force(folder);
        }
        return true;
    }

    /** Puts a file that nobody needs whole: where its name is taken, that stands; where the power goes, half of it may. */
    public static void putLoosely(Path target, byte[] content) throws IOException {
        Path hidden = hidden(target);
        try {
            Files.write(hidden, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            link(target, hidden);
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    /** A name beside a file of the log for its bytes while they are written: no reader looks at it. */
    public static Path hidden(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Gives a file that is on the disk for good a second name; false where that is taken. */
    public static boolean link(Path target, Path hidden) throws IOException {
        try {
            Files.createLink(target, hidden);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system has no hard links, which an atomic commit needs", e);
        }
    }

    /** Puts a file that is on the disk for good in the place of another: readers see the one or the other. */
    public static void move(Path target, Path hidden) throws IOException {
        Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Puts a file in the place of another, or where none stands: readers see the one or the other, whole. */
    public static void replace(Path target, byte[] content) throws IOException {
        Path hidden = hidden(target);
        try {
            try (FileChannel channel =
                    FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            move(target, hidden);
        } finally {
            Files.deleteIfExists(hidden);
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            force(folder);
        }
    }

    /** Forces what a file or a folder holds to the disk. */
    public static void force(Path path) throws IOException {
        boolean folder = Files.isDirectory(path);
        if (WINDOWS && folder) {
            // Windows has no call for this; its file systems journal folders themselves.
            return;
        }
        try (FileChannel channel =
                FileChannel.open(path, WINDOWS ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
