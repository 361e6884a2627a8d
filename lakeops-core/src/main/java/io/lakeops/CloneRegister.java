package io.lakeops;

import io.lakeops.context.FileRoots;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The roots of the clones that were made through a lake, kept in the lake's folder, so that a clone reads after the process
 * that made it has ended.
 *
 * <p>It is not kept in the clone: whoever wrote a table's folder could have written it there. The lake's folder beside its
 * tables is the host's alone.
 *
 * <p>Shape: {@code <lake>/_clones/<id of the clone's path>/<id of the root>.json} with both paths, links resolved; a file
 * that tells of another table than its folder does is passed over. A file is written whole and never changed, so that two
 * processes may record at once.
 *
 * <p>Threads: safe.
 */
final class CloneRegister implements FileRoots {
    static final String FOLDER = "_clones";

    private final Path lake;
    private final Path folder;
    private final FileRoots host;

    CloneRegister(Path lake, FileRoots host) {
        this.lake = lake;
        this.folder = lake.resolve(FOLDER);
        this.host = host;
    }

    @Override
    public List<Path> of(Path table) {
        List<Path> lent = host.of(table);
        if (!Files.isDirectory(folder)) {
            return lent;
        }
        Path real = FileRoots.real(table);
        Path own = folder.resolve(id(real));
        if (!Files.isDirectory(own)) {
            return lent;
        }
        Set<Path> roots = new LinkedHashSet<>(lent);
        try (Stream<Path> entries = Files.list(own)) {
            for (Path entry :
                    entries.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Map<String, @Nullable Object> recorded =
                        Json.parseObject(Files.readString(entry, StandardCharsets.UTF_8));
                if (real.toString().equals(recorded.get("clone")) && recorded.get("root") instanceof String root) {
                    roots.add(real.getFileSystem().getPath(root));
                }
            }
        } catch (IOException e) {
            throw StorageErrors.of("the lake's register of clones can't be read", own, e);
        } catch (LakeException e) {
            throw new LakeException(
                    ErrorCode.IO_FAILED, "the lake's register of clones can't be read", Map.of("path", own), e);
        }
        return new ArrayList<>(roots);
    }

    @Override
    public void record(Path table, Collection<Path> roots) {
        Path real = FileRoots.real(table);
        Path own = folder.resolve(id(real));
        try {
            Files.createDirectories(own);
            for (Path root : roots) {
                Path source = FileRoots.real(root);
                Path entry = own.resolve(id(source) + ".json");
                if (!Files.exists(entry)) {
                    put(entry, real, source);
                }
            }
            // An entry that stands may be of a run that was cut off here: folders are forced in any case.
            for (Path changed : List.of(own, folder, lake)) {
                force(changed, StandardOpenOption.READ);
            }
        } catch (IOException e) {
            throw StorageErrors.of("the clone can't be recorded in the lake", own, e);
        }
    }

    /** Aside first and on the disk, then under its name: an entry is whole or not there. */
    private static void put(Path entry, Path clone, Path root) throws IOException {
        Map<String, @Nullable Object> text = new LinkedHashMap<>();
        text.put("clone", clone.toString());
        text.put("root", root.toString());
        Path aside = entry.resolveSibling("." + UUID.randomUUID() + ".tmp");
        try {
            Files.writeString(aside, Json.write(text) + "\n", StandardCharsets.UTF_8);
            force(aside, StandardOpenOption.WRITE);
            Files.move(aside, entry, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        if (File.separatorChar == '\\' && option == StandardOpenOption.READ) {
            // Windows has no call for folders; its file systems journal them themselves.
            return;
        }
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static String id(Path path) {
        return UUID.nameUUIDFromBytes(path.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
