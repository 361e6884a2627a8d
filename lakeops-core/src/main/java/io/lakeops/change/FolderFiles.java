package io.lakeops.change;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.DataFile;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The data files of a folder that is no table yet, with the partition that their folders put them in. */
final class FolderFiles extends SimpleFileVisitor<Path> {
    /** What Hive, Spark and DuckDB call the folder of rows whose partition column is null. */
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    private final Path root;
    private final TableFormat format;
    private final List<String> columns;
    private final List<Found> files = new ArrayList<>();

    private FolderFiles(Path root, TableFormat format, List<String> columns) {
        this.root = root;
        this.format = format;
        this.columns = columns;
    }

    /**
     * A file as it was found.
     *
     * @param path relative to the folder, with {@code /}
     * @param partition by the names of the columns as they were asked for
     */
    record Found(
            String path,
            Path location,
            Map<String, @Nullable String> partition,
            long fileBytes,
            long modificationTime) {
        Found {
            partition = Collections.unmodifiableMap(new LinkedHashMap<>(partition));
        }

        DataFile dataFile(Optional<FileStatistics> statistics) {
            return new DataFile(
                    path,
                    location,
                    partition,
                    fileBytes,
                    modificationTime,
                    statistics,
                    Optional.empty(),
                    Map.of(),
                    Optional.empty());
        }
    }

    /** The files in the order of their paths; at least one. */
    static List<Found> of(TableLocation folder, TableFormat format, List<String> partitionColumns) {
        FolderFiles visitor = new FolderFiles(folder.root(), format, partitionColumns);
        if (!Files.isDirectory(folder.root())) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "no folder stands there", Map.of("path", folder));
        }
        try {
            Files.walkFileTree(folder.root(), visitor);
        } catch (IOException e) {
            throw StorageErrors.of("the folder can't be listed", folder.root(), e);
        }
        if (visitor.files.isEmpty()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "the folder holds no Parquet file", Map.of("path", folder));
        }
        visitor.files.sort(Comparator.comparing(Found::path));
        return visitor.files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (folder.equals(root)) {
            return FileVisitResult.CONTINUE;
        }
        String name = String.valueOf(folder.getFileName());
        // A partition column may have such a name.
        if (isHidden(name) && name.indexOf('=') < 0) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (format.recognizes(new TableLocation(folder))) {
            throw refused("a table stands within the folder, whose files are its own", folder);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (isHidden(String.valueOf(file.getFileName()))) {
            return FileVisitResult.CONTINUE;
        }
        if (!attributes.isRegularFile()) {
            throw refused("a link, or something else that is no file, can't belong to a table", file);
        }
        String path =
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        files.add(new Found(
                path,
                file,
                partition(path),
                attributes.size(),
                attributes.lastModifiedTime().toMillis()));
        return FileVisitResult.CONTINUE;
    }

    private static boolean isHidden(String name) {
        return name.startsWith("_") || name.startsWith(".");
    }

    private Map<String, @Nullable String> partition(String path) {
        String[] parts = path.split("/", -1);
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < parts.length - 1; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                names.add(decode(parts[i].substring(0, equals)));
                values.add(decode(parts[i].substring(equals + 1)));
            }
        }
        boolean same = names.size() == columns.size();
        for (int i = 0; same && i < names.size(); i++) {
            same = names.get(i).equalsIgnoreCase(columns.get(i));
        }
        if (!same) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the folders partition a file by other columns than those that were named; name them all with their"
                            + " types, in the folders' order, as in PARTITIONED BY (day DATE, region STRING)",
                    Map.of("path", path, "folders", names, "named", columns));
        }
        Map<String, @Nullable String> partition = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            if (values.get(i).isEmpty()) {
                throw refused("a folder of a partition has no value behind its =", root.resolve(path));
            }
            partition.put(columns.get(i), values.get(i).equals(NULL) ? null : values.get(i));
        }
        return partition;
    }

    /** Writers escape bytes by a percent sign; one that escapes nothing stands for itself. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
            if (low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(raw[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static LakeException refused(String problem, Path path) {
        return new LakeException(ErrorCode.INVALID_ARGUMENT, problem, Map.of("path", path));
    }
}
