package io.lakeops.testkit.fault;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The default file system, with a fault in it. */
final class FaultyProvider extends FileSystemProvider {
    private final FaultyDisk disk;
    private final FaultyFileSystem fileSystem = new FaultyFileSystem(this);

    FaultyProvider(FaultyDisk disk) {
        this.disk = disk;
    }

    FaultyDisk disk() {
        return disk;
    }

    Path wrap(Path real) {
        return new FaultyPath(fileSystem, real);
    }

    Path unwrap(Path path) {
        return path instanceof FaultyPath faulty ? faulty.real() : path;
    }

    private static FileSystemProvider real(Path path) {
        return path.getFileSystem().provider();
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return wrap(Path.of(uri));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = unwrap(path);
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        if (!writes) {
            disk.requireAlive("read " + real);
            return new FaultyChannel(disk, real, FileChannel.open(real, options, attributes));
        }
        boolean fresh = !Files.exists(real);
        disk.wholeStep("open " + real.getFileName(), fresh);
        FileChannel channel = FileChannel.open(real, options, attributes);
        if (fresh) {
            disk.created(real);
        }
        return new FaultyChannel(disk, real, channel);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        disk.requireAlive("list " + folder);
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(unwrap(folder))) {
            for (Path entry : stream) {
                Path wrapped = wrap(entry);
                if (filter.accept(wrapped)) {
                    entries.add(wrapped);
                }
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        Path real = unwrap(folder);
        if (!Files.exists(real)) {
            disk.wholeStep("make " + real.getFileName(), true);
        }
        Files.createDirectory(real, attributes);
        disk.created(real);
    }

    @Override
    public void delete(Path path) throws IOException {
        Path real = unwrap(path);
        if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
            disk.wholeStep("delete " + real.getFileName(), false);
        }
        Files.delete(real);
        disk.deleted(real);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        disk.wholeStep("link " + link.getFileName(), true);
        Files.createLink(unwrap(link), unwrap(existing));
        disk.linked(unwrap(existing), unwrap(link));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        disk.wholeStep("copy " + target.getFileName(), true);
        Files.copy(unwrap(source), unwrap(target), options);
        disk.created(unwrap(target));
        disk.written(unwrap(target));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        disk.wholeStep("move " + target.getFileName(), true);
        Files.move(unwrap(source), unwrap(target), options);
        disk.moved(unwrap(source), unwrap(target));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return Files.isSameFile(unwrap(one), unwrap(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(unwrap(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(unwrap(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk.requireAlive("look at " + path);
        real(unwrap(path)).checkAccess(unwrap(path), modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        // Views can write: they are not handed out, so that nothing is written past the count.
        if (type != java.nio.file.attribute.BasicFileAttributeView.class) {
            return null;
        }
        return type.cast(new FaultyTimes(disk, unwrap(path)));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        disk.requireAlive("look at " + path);
        return Files.readAttributes(unwrap(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        disk.requireAlive("look at " + path);
        return Files.readAttributes(unwrap(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        disk.wholeStep("set " + attribute + " of " + path.getFileName(), false);
        Files.setAttribute(unwrap(path), attribute, value, options);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return wrap(Files.readSymbolicLink(unwrap(link)));
    }

    static FaultyPath own(Path path) {
        if (path instanceof FaultyPath faulty) {
            return faulty;
        }
        throw new ProviderMismatchException();
    }
}
