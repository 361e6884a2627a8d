package io.lakeops;

import io.lakeops.context.LakeContext;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.provider.Providers;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lake: a folder of tables, by layer and name, with the formats and the engine that are on the class path.
 *
 * <p>Shape: {@code <root>/<layer>/<format>/<table>}, such as {@code lake/bronze/delta/orders} for {@code bronze.orders}.
 * The layers of the data are {@code bronze}, {@code silver} and {@code gold}; LakeOps keeps its own tables in
 * {@code _rejects}, {@code _ledger} and {@code _quality}, and in {@code _clones} where the files of clones may be.
 *
 * <p>Errors: PROVIDER_MISSING names the Maven dependency to add.
 *
 * <p>Threads: safe.
 */
public final class Lake implements AutoCloseable {
    /** The format in which tables are created, where it is there. */
    private static final String PREFERRED_FORMAT = "delta";
    /** The engine that is taken where several are there. */
    private static final String PREFERRED_ENGINE = "duckdb";

    private static final Pattern NAME = Pattern.compile("[^/\\\\.\\p{Cntrl}][^/\\\\\\p{Cntrl}]*");

    private final Path root;
    private final Providers<TableFormat> formats;
    private final Providers<ComputeEngine> engines;
    private final LakeContext context;
    private final Object lock = new Object();
    private ComputeEngine.@Nullable LogReader logReader;
    private boolean closed;

    private Lake(Path root, Providers<TableFormat> formats, Providers<ComputeEngine> engines, LakeContext context) {
        this.root = root;
        this.formats = formats;
        this.engines = engines;
        this.context = context;
    }

    /** A lake with the providers that {@link ServiceLoader} finds. The folder need not be there yet. */
    public static Lake open(Path root, LakeContext context) {
        return open(
                root,
                Providers.load(TableFormat.class, ServiceLoader.load(TableFormat.class)),
                Providers.load(ComputeEngine.class, ServiceLoader.load(ComputeEngine.class)),
                context);
    }

    /** A lake with given providers. */
    public static Lake open(
            Path root, Providers<TableFormat> formats, Providers<ComputeEngine> engines, LakeContext context) {
        Path folder = root.toAbsolutePath().normalize();
        return new Lake(folder, formats, engines, context.withRoots(new CloneRegister(folder, context.roots())));
    }

    /** A lake without a folder, for tables by their paths; it keeps nothing on the disk of its own. */
    public static Lake ofPaths(Providers<TableFormat> formats, Providers<ComputeEngine> engines, LakeContext context) {
        return new Lake(Path.of("").toAbsolutePath(), formats, engines, context);
    }

    /** The lake's folder. */
    public Path root() {
        return root;
    }

    /** What the host lent. */
    public LakeContext context() {
        return context;
    }

    /**
     * The compute engine; open a session on it with {@link #context()}.
     *
     * <p>Errors: PROVIDER_MISSING.
     */
    public ComputeEngine engine() {
        return findEngine().orElseGet(() -> engines.require(PREFERRED_ENGINE));
    }

    /** The tables of all layers, sorted by layer and name. Folders that no format recognizes are left out. */
    public List<TableId> tables() {
        requireFormat();
        List<TableId> found = new ArrayList<>();
        for (String layer : folders(root)) {
            for (TableFormat format : formats.all()) {
                Path parent = root.resolve(layer).resolve(format.name());
                for (String name : folders(parent)) {
                    if (format.recognizes(new TableLocation(parent.resolve(name)))) {
                        found.add(new TableId(layer, name));
                    }
                }
            }
        }
        found.sort(Comparator.comparing(TableId::layer).thenComparing(TableId::name));
        return found;
    }

    /** The table of a name such as {@code bronze.orders}. */
    public LakeTable table(String name) {
        return table(id(name));
    }

    /**
     * The table of that layer and name.
     *
     * <p>Errors: TABLE_NOT_FOUND; TABLE_NAME_AMBIGUOUS where two formats have one of that name.
     */
    public LakeTable table(TableId id) {
        requireFormat();
        List<TableFormat> holders = formats.all().stream()
                .filter(f -> f.recognizes(location(id, f)))
                .toList();
        if (holders.size() > 1) {
            throw new LakeException(
                    ErrorCode.TABLE_NAME_AMBIGUOUS,
                    "'" + id + "' stands in several formats",
                    Map.of("formats", holders.stream().map(TableFormat::name).toList()));
        }
        if (holders.isEmpty()) {
            throw notFound(location(id, preferredFormat()));
        }
        TableFormat format = holders.get(0);
        return format.open(id, location(id, format), log(), context);
    }

    /** The table that stands in a folder, anywhere. */
    public LakeTable open(TableLocation location) {
        requireFormat();
        for (TableFormat format : formats.all()) {
            if (format.recognizes(location)) {
                return format.open(idOf(location), location, log(), context);
            }
        }
        throw notFound(location);
    }

    /** Creates a table without rows, in Delta where that is on the class path, else in the one format that is. */
    public LakeTable create(TableId id, TableSpec spec) {
        TableFormat format = preferredFormat();
        return format.create(id, location(id, format), spec, log(), context);
    }

    /** Creates a table without rows in a folder of the caller's choice, such as one of LakeOps' own tables. */
    public LakeTable create(TableLocation location, TableSpec spec) {
        return preferredFormat().create(idOf(location), location, spec, log(), context);
    }

    /** Where a table of that name is created. */
    public TableLocation location(TableId id) {
        return location(id, preferredFormat());
    }

    /** A name such as {@code bronze.orders} in its two parts. */
    public static TableId id(String name) {
        int dot = name.indexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + name + "' is not a table's name; it has a layer and a name, such as bronze.orders");
        }
        return new TableId(name.substring(0, dot), name.substring(dot + 1));
    }

    /** Closes what the lake opened: the reader of logs. Tables that it returned can't be used any more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (logReader != null) {
                logReader.close();
                logReader = null;
            }
        }
    }

    private TableLocation location(TableId id, TableFormat format) {
        if (!NAME.matcher(id.layer()).matches() || !NAME.matcher(id.name()).matches()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT, "'" + id + "' can't be the layer and the name of a table");
        }
        return new TableLocation(root.resolve(id.layer()).resolve(format.name()).resolve(id.name()));
    }

    /** A table that stands in the lake's own layout has its layer's name even where it is opened by path. */
    private TableId idOf(TableLocation location) {
        if (location.root().startsWith(root)) {
            Path inside = root.relativize(location.root());
            if (inside.getNameCount() == 3) {
                return new TableId(
                        inside.getName(0).toString(), inside.getName(2).toString());
            }
        }
        return TableId.of(location);
    }

    private TableFormat preferredFormat() {
        Optional<TableFormat> preferred = formats.find(PREFERRED_FORMAT);
        if (preferred.isPresent()) {
            return preferred.get();
        }
        return formats.all().size() == 1 ? formats.all().get(0) : formats.require(PREFERRED_FORMAT);
    }

    private void requireFormat() {
        if (formats.all().isEmpty()) {
            formats.require(PREFERRED_FORMAT);
        }
    }

    private Optional<ComputeEngine> findEngine() {
        return engines.find(PREFERRED_ENGINE).or(() -> engines.all().stream().findFirst());
    }

    private Optional<LogParquet> log() {
        Optional<ComputeEngine> engine = findEngine();
        synchronized (lock) {
            if (closed) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, "the lake at '" + root + "' is closed");
            }
            if (engine.isEmpty()) {
                return Optional.empty();
            }
            if (logReader == null) {
                logReader = engine.get().logReader();
            }
            return Optional.of(Objects.requireNonNull(logReader));
        }
    }

    private static LakeException notFound(TableLocation location) {
        return new LakeException(ErrorCode.TABLE_NOT_FOUND, "no table stands at '" + location + "'");
    }

    private static List<String> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .map(p -> p.getFileName().toString())
                    .filter(n -> !n.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw StorageErrors.of("can't list the folder", parent, e);
        }
    }
}
