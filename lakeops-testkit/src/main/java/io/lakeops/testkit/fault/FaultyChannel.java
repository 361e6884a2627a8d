package io.lakeops.testkit.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A channel whose writes and forces are steps. */
final class FaultyChannel extends FileChannel {
    private final FaultyDisk disk;
    private final Path real;
    private final FileChannel channel;

    FaultyChannel(FaultyDisk disk, Path real, FileChannel channel) {
        this.disk = disk;
        this.real = real;
        this.channel = channel;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (disk.step("write " + real.getFileName(), true)) {
            ByteBuffer half = source.duplicate();
            half.limit(source.position() + source.remaining() / 2);
            channel.write(half);
            disk.die("write " + real.getFileName());
        }
        disk.written(real);
        return channel.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            while (sources[i].hasRemaining()) {
                written += write(sources[i]);
            }
        }
        return written;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        disk.wholeStep("write " + real.getFileName(), true);
        disk.written(real);
        return channel.write(source, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.wholeStep("force " + real.getFileName(), false);
        channel.force(metaData);
        disk.forced(real, Files.isDirectory(real));
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.wholeStep("truncate " + real.getFileName(), false);
        disk.written(real);
        channel.truncate(size);
        return this;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        disk.wholeStep("write " + real.getFileName(), true);
        disk.written(real);
        return channel.transferFrom(source, position, count);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        disk.requireAlive("read " + real);
        return channel.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        disk.requireAlive("read " + real);
        return channel.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        disk.requireAlive("read " + real);
        return channel.read(target, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        disk.requireAlive("read " + real);
        return channel.transferTo(position, count, target);
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        channel.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("mapped memory is written past the count");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return channel.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return channel.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        channel.close();
    }
}
