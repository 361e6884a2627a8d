package io.lakeops.delta.internal.kernel;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's view of a local disk through java.nio, with paths as plain text that nobody encodes or decodes.
 *
 * <p>Reading only: LakeOps writes the log itself, because the kernel's default writes lose commits between processes on a
 * local disk.
 *
 * <p>Threads: safe.
 */
final class LocalFiles implements FileIO {

    static String text(Path path) {
        // A backslash is a letter like any other where it separates nothing.
        String text = path.toString().replace(path.getFileSystem().getSeparator(), "/");
        return text.startsWith("/") ? text : "/" + text;
    }

    static Path path(String text) {
        String plain = text.startsWith("file:") ? text.substring(5) : text;
        int slashes = 0;
        while (slashes < plain.length() && plain.charAt(slashes) == '/') {
            slashes++;
        }
        boolean drive = slashes > 0 && plain.length() > slashes + 1 && plain.charAt(slashes + 1) == ':';
        boolean windows = java.io.File.separatorChar == '\\';
        return Path.of(
                windows && drive ? plain.substring(slashes) : slashes > 1 ? plain.substring(slashes - 1) : plain);
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String text) throws IOException {
        Path from = path(text);
        Path folder = from.getParent();
        String first = String.valueOf(from.getFileName());
        if (folder == null) {
            throw new FileNotFoundException(text);
        }
        List<FileStatus> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (String.valueOf(file.getFileName()).compareTo(first) >= 0) {
                    addUnlessCleanedUp(found, file);
                }
            }
        } catch (NoSuchFileException e) {
            throw notFound(folder, e);
        }
        found.sort(Comparator.comparing(FileStatus::getPath));
        return closeable(found.iterator());
    }

    @Override
    public FileStatus getFileStatus(String text) throws IOException {
        Path file = path(text);
        try {
            return status(file);
        } catch (NoSuchFileException e) {
            throw notFound(file, e);
        }
    }

    @Override
    public String resolvePath(String text) {
        return text(path(text).toAbsolutePath().normalize());
    }

    @Override
    public InputFile newInputFile(String text, long size) {
        return new LocalInput(text, path(text), size);
    }

    @Override
    public Optional<String> getConf(String name) {
        return Optional.empty();
    }

    @Override
    public boolean mkdirs(String text) {
        throw readOnly();
    }

    @Override
    public OutputFile newOutputFile(String text) {
        throw readOnly();
    }

    @Override
    public boolean delete(String text) {
        throw readOnly();
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("the kernel only reads; LakeOps writes the log itself");
    }

    private static void addUnlessCleanedUp(List<FileStatus> found, Path file) throws IOException {
        FileStatus status;
        try {
            status = status(file);
        } catch (NoSuchFileException e) {
            // Another process cleaned it up between the listing and the look at it.
            return;
        }
        found.add(status);
    }

    private static FileStatus status(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return FileStatus.of(
                text(file), attributes.size(), attributes.lastModifiedTime().toMillis());
    }

    private static FileNotFoundException notFound(Path file, NoSuchFileException cause) {
        FileNotFoundException notFound = new FileNotFoundException(file.toString());
        notFound.initCause(cause);
        return notFound;
    }

    static <T> CloseableIterator<T> closeable(Iterator<T> items) {
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public T next() {
                return items.next();
            }

            @Override
            public void close() {}
        };
    }

    private record LocalInput(String path, Path file, long length) implements InputFile {
        @Override
        public SeekableInputStream newStream() throws IOException {
            try {
                return new ChannelStream(Files.newByteChannel(file, StandardOpenOption.READ));
            } catch (NoSuchFileException e) {
                throw notFound(file, e);
            }
        }
    }

    private static final class ChannelStream extends SeekableInputStream {
        private final SeekableByteChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);

        ChannelStream(SeekableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() throws IOException {
            return channel.position() - buffer.remaining();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
            buffer.limit(0);
        }

        @Override
        public int read() throws IOException {
            return fill() ? buffer.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(target, from, count);
            return count;
        }

        @Override
        public void readFully(byte[] target, int from, int length) throws IOException {
            int done = 0;
            while (done < length) {
                int count = read(target, from + done, length - done);
                if (count < 0) {
                    throw new EOFException("the file ends " + (length - done) + " bytes early");
                }
                done += count;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        private boolean fill() throws IOException {
            if (!buffer.hasRemaining()) {
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                return count > 0;
            }
            return true;
        }
    }
}
