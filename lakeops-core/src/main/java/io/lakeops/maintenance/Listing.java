package io.lakeops.maintenance;

import io.lakeops.error.StorageErrors;
import io.lakeops.table.Field;
import io.lakeops.table.Snapshot;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The files below a table's folder that a VACUUM may look at.
 *
 * <p>Left out: names that begin with {@code _} or {@code .} and what lies below them, except {@code _change_data} and the
 * folders of partition columns of such a name; symbolic links, which are never followed and never deleted.
 *
 * @param files regular files, by path relative to the folder with {@code /}
 * @param folders how many folders were listed
 * @param links whether a symbolic link was seen
 */
record Listing(List<Listed> files, long folders, boolean links) {
    /** A file as it was seen. */
    record Listed(String path, long fileBytes, long modificationTime) {}

    static Listing of(Snapshot snapshot) {
        Path root = snapshot.location().root();
        Set<String> partitionNames = new HashSet<>();
        for (String column : snapshot.partitionColumns()) {
            Field field = snapshot.schema().require(column);
            partitionNames.add(field.name().toLowerCase(Locale.ROOT));
            partitionNames.add(field.physicalName().toLowerCase(Locale.ROOT));
        }
        Visitor visitor = new Visitor(root, partitionNames);
        try {
            // The table's own folder may be a link; below it none is followed.
            Files.walkFileTree(visitor.root, visitor);
        } catch (IOException e) {
            throw StorageErrors.of("can't list the table's files", root, e);
        }
        return new Listing(List.copyOf(visitor.files), visitor.folders, visitor.links);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Set<String> partitionNames;
        private final List<Listed> files = new ArrayList<>();
        private long folders;
        private boolean links;

        Visitor(Path root, Set<String> partitionNames) {
            this.root = real(root);
            this.partitionNames = partitionNames;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root) && hidden(name(folder))) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            folders++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isSymbolicLink()) {
                links = true;
            } else if (attributes.isRegularFile()
                    && !name(file).startsWith("_")
                    && !name(file).startsWith(".")) {
                files.add(new Listed(
                        relative(root, file),
                        attributes.size(),
                        attributes.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            // Another process may delete a file while we list.
            if (failure instanceof NoSuchFileException && !file.equals(root)) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private boolean hidden(String name) {
            if (!name.startsWith("_") && !name.startsWith(".")) {
                return false;
            }
            int equals = name.indexOf('=');
            return !name.equals("_change_data")
                    && (equals < 0
                            || !partitionNames.contains(
                                    decoded(name.substring(0, equals)).toLowerCase(Locale.ROOT)));
        }

        private static String name(Path path) {
            return String.valueOf(path.getFileName());
        }

        /** Hive's way to write a column's name in a folder's: %XX for what a path can't have. */
        private static String decoded(String name) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c == '%'
                        && i + 2 < name.length()
                        && name.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
                    text.append((char) Integer.parseInt(name.substring(i + 1, i + 3), 16));
                    i += 2;
                } else {
                    text.append(c);
                }
            }
            return text.toString();
        }
    }

    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw StorageErrors.of("can't resolve the folder", path, e);
        }
    }

    static String relative(Path root, Path file) {
        return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
