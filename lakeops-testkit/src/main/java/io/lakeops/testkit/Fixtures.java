package io.lakeops.testkit;

import io.lakeops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Delta tables that Spark wrote, unpacked into a folder of the test's own, with the files' times kept.
 *
 * <p>Shape: {@code NAME/} is a table, {@code NAME.expected.json} what Spark reads of it.
 *
 * <p>Threads: immutable and safe; a test that changes a table unpacks a copy of its own.
 */
public final class Fixtures {
    private static final String ARCHIVE = "/spark-delta-tables.tar.gz";
    private static final String EXPECTED = ".expected.json";

    private final Path root;

    private Fixtures(Path root) {
        this.root = root;
    }

    /** Unpacks every fixture into {@code folder}. */
    public static Fixtures unpackInto(Path folder) {
        return unpack(folder, "");
    }

    /** Unpacks one table and what is expected of it into {@code folder}, and returns the table's path. */
    public static Path unpackOne(String name, Path folder) {
        return unpack(folder, name).table(name);
    }

    private static Fixtures unpack(Path folder, String only) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(ARCHIVE), ARCHIVE)) {
            Tarball.unpack(
                    in, folder, path -> only.isEmpty() || path.startsWith(only + "/") || path.equals(only + EXPECTED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Fixtures(folder);
    }

    /** The names of the tables, sorted. */
    public List<String> names() {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(EXPECTED))
                    .map(file -> file.substring(0, file.length() - EXPECTED.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of a table. */
    public Path table(String name) {
        Path table = root.resolve(name);
        if (!Files.isDirectory(table)) {
            throw new IllegalArgumentException("no fixture named " + name);
        }
        return table;
    }

    /** What Spark reads of a table, in the shape of {@link Json}. */
    public Map<String, @Nullable Object> expected(String name) {
        try {
            return Json.parseObject(Files.readString(root.resolve(name + EXPECTED)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
