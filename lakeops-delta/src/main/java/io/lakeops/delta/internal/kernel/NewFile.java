package io.lakeops.delta.internal.kernel;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Lets the kernel write one file that does not stand yet, and nothing else. Whoever asked for it makes it durable. */
final class NewFile implements FileIO {
    private final Path file;

    NewFile(Path file) {
        this.file = file;
    }

    @Override
    public OutputFile newOutputFile(String text) {
        return new OutputFile() {
            @Override
            public String path() {
                return text;
            }

            @Override
            public PositionOutputStream create(boolean putIfAbsent) throws IOException {
                return new Output(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            }

            @Override
            public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) {
                throw onlyParquet();
            }
        };
    }

    @Override
    public FileStatus getFileStatus(String text) throws IOException {
        return new LocalFiles().getFileStatus(text);
    }

    @Override
    public String resolvePath(String text) {
        return text;
    }

    @Override
    public Optional<String> getConf(String name) {
        return Optional.empty();
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String text) {
        throw onlyParquet();
    }

    @Override
    public InputFile newInputFile(String text, long size) {
        throw onlyParquet();
    }

    @Override
    public boolean mkdirs(String text) {
        throw onlyParquet();
    }

    @Override
    public boolean delete(String text) {
        throw onlyParquet();
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) {
        throw onlyParquet();
    }

    private UnsupportedOperationException onlyParquet() {
        return new UnsupportedOperationException("the kernel writes the one file " + file);
    }

    private static final class Output extends PositionOutputStream {
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        private long flushed;

        Output(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() {
            return flushed + buffer.position();
        }

        @Override
        public void write(int b) throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.put((byte) b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int count = Math.min(buffer.remaining(), length - done);
                buffer.put(bytes, from + done, count);
                done += count;
            }
        }

        @Override
        public void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                flushed += channel.write(buffer);
            }
            buffer.clear();
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                flush();
            }
        }
    }
}
