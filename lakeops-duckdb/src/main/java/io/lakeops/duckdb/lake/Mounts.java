package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.context.LakeEvent;
import io.lakeops.duckdb.sql.TableNames;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.view.LakeView;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The tables of a lake as views {@code <layer>.<table>}.
 *
 * <p>The views stand in a database in memory that is attached beside the warehouse, so nothing of them is ever stored.
 * The search path looks into the warehouse's layers first: there a physical table wins, and there new tables are made.
 *
 * <p>Threads: one at a time.
 */
final class Mounts implements TableNames {
    static final List<String> LAYERS = List.of("bronze", "silver", "gold");
    /** A view that says whose mounts a database holds. */
    private static final String MARK = "lakeops_mounted_from";

    private final Lake lake;
    private final Optional<Path> root;
    private final Database database;
    private final List<LakeView> views;
    private final Providers<TableFormat> formats;
    /** The attached database of the views; empty without a lake. */
    private Optional<String> catalog = Optional.empty();

    private String warehouse = "memory";
    private final Map<String, TableId> mounted = new LinkedHashMap<>();
    /** Names that several folders have once case is no difference, as it is none to SQL. */
    private final Map<String, List<TableId>> ambiguous = new LinkedHashMap<>();

    private final Set<String> warned = new LinkedHashSet<>();
    private final BiConsumer<String, Supplier<LakeException>> refuse;

    /**
     * The mounts of a lake.
     *
     * @param refuse takes a path that stands for no one table, and what reading it answers
     */
    Mounts(
            Lake lake,
            Optional<Path> root,
            Database database,
            List<LakeView> views,
            Providers<TableFormat> formats,
            BiConsumer<String, Supplier<LakeException>> refuse) {
        this.refuse = refuse;
        this.lake = lake;
        this.formats = formats;
        this.root = root;
        this.database = database;
        this.views = List.copyOf(views);
    }

    /** Attaches the database of the views, and mounts what stands in the lake now. */
    void open(boolean readOnly) throws SQLException {
        warehouse = database.text("SELECT current_catalog()");
        if (root.isEmpty()) {
            return;
        }
        String name = attach();
        catalog = Optional.of(name);
        for (String layer : LAYERS) {
            if (!readOnly) {
                // Without it, CREATE TABLE gold.x would find only the mounted schema, and vanish with the connection.
                database.run("CREATE SCHEMA IF NOT EXISTS " + SqlText.identifiers(List.of(warehouse)) + "." + layer);
            }
            database.run("CREATE SCHEMA IF NOT EXISTS " + name + "." + layer);
        }
        for (LakeView view : views) {
            database.run("CREATE OR REPLACE VIEW " + name + ".main." + SqlText.identifier(view.name())
                    + " AS SELECT * FROM lakeops_relation(" + SqlText.string(view.name()) + ")");
        }
        refresh();
        searchPath();
    }

    /** Mounts tables that came since, and takes away those that are gone; says whether anything changed. */
    boolean refresh() throws SQLException {
        if (catalog.isEmpty()) {
            return false;
        }
        Map<String, TableId> now = new LinkedHashMap<>();
        Map<String, List<TableId>> same = new LinkedHashMap<>();
        for (TableId id : lake.tables()) {
            if (LAYERS.contains(id.layer())) {
                String name = id.toString().toLowerCase(Locale.ROOT);
                now.putIfAbsent(name, id);
                same.computeIfAbsent(name, n -> new ArrayList<>()).add(id);
            }
        }
        same.values().removeIf(ids -> ids.size() == 1);
        Set<String> before = Set.copyOf(ambiguous.keySet());
        ambiguous.clear();
        ambiguous.putAll(same);
        boolean changed = false;
        for (Map.Entry<String, TableId> entry : now.entrySet()) {
            String name = entry.getKey();
            TableId id = entry.getValue();
            if (!id.equals(mounted.get(name)) || ambiguous.containsKey(name) != before.contains(name)) {
                mount(id);
                changed = true;
            }
        }
        for (Map.Entry<String, TableId> entry : mounted.entrySet()) {
            if (!now.containsKey(entry.getKey())) {
                database.run("DROP VIEW IF EXISTS " + view(entry.getValue()));
                changed = true;
            }
        }
        mounted.clear();
        mounted.putAll(now);
        warnOfHidden();
        return changed;
    }

    /** Mounts a table anew whose columns changed: a view keeps the columns that it was made with. */
    void redefined(TableLocation table) throws SQLException {
        for (TableId id : mounted.values()) {
            if (lake.location(id).equals(table)) {
                mount(id);
            }
        }
    }

    private void mount(TableId id) throws SQLException {
        String name = id.toString().toLowerCase(Locale.ROOT);
        String path = ambiguous.containsKey(name)
                ? refused(name, ambiguous.get(name))
                : lake.location(id).root().toString();
        database.run(
                "CREATE OR REPLACE VIEW " + view(id) + " AS SELECT * FROM delta_scan(" + SqlText.string(path) + ")");
    }

    /** A path for a name that must reach none of its folders: reading it says so. */
    private String refused(String name, List<TableId> ids) {
        String path = root.orElseThrow().resolve(":" + name).toAbsolutePath().toString();
        refuse.accept(path, () -> ambiguity(name, ids));
        return path;
    }

    private LakeException ambiguity(String name, List<TableId> ids) {
        return new LakeException(
                ErrorCode.TABLE_NAME_AMBIGUOUS,
                "'" + name + "' is the name of several folders, which differ in case alone",
                Map.of("paths", ids.stream().map(id -> lake.location(id).root()).toList()));
    }

    /** Looks for names in the warehouse's layers, then in the mounts, behind whatever the user's own path says. */
    void searchPath() throws SQLException {
        if (catalog.isEmpty()) {
            return;
        }
        String current = database.onConnection("SELECT current_setting('search_path')");
        String given = current.isBlank() ? SqlText.identifier(warehouse) + ".main" : current;
        List<String> own = new ArrayList<>();
        for (String layer : LAYERS) {
            if (database.exists("SELECT 1 FROM duckdb_schemas() WHERE database_name = " + SqlText.string(warehouse)
                    + " AND schema_name = " + SqlText.string(layer))) {
                own.add(SqlText.identifier(warehouse) + "." + layer);
            }
        }
        for (String layer : LAYERS) {
            own.add(catalog.get() + "." + layer);
        }
        own.add(catalog.get() + ".main");
        List<String> already = List.of(given.split(",", -1));
        own.removeIf(already::contains);
        own.add(0, given);
        database.runOnConnection("SET search_path = " + SqlText.string(String.join(",", own)));
    }

    /** Every name by which a statement may reach a table of the lake through a mount. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        mounted.values().forEach(id -> names.add(id.name().toLowerCase(Locale.ROOT)));
        if (catalog.isPresent()) {
            views.forEach(v -> names.add(v.name().toLowerCase(Locale.ROOT)));
        }
        return names;
    }

    @Override
    public Optional<String> mounted(List<String> name) {
        if (catalog.isEmpty() || name.isEmpty() || name.size() > 3) {
            return Optional.empty();
        }
        if (name.size() == 3) {
            return name.get(0).equalsIgnoreCase(catalog.get())
                    ? path(name.get(1) + "." + name.get(2))
                    : Optional.empty();
        }
        if (name.size() == 2) {
            return isPhysical(name) ? Optional.empty() : path(String.join(".", name));
        }
        List<TableId> found = mounted.values().stream()
                .filter(id -> id.name().equalsIgnoreCase(name.get(0)))
                .toList();
        if (found.isEmpty() || isPhysical(name)) {
            return Optional.empty();
        }
        if (found.size() > 1) {
            throw new LakeException(
                    ErrorCode.TABLE_NAME_AMBIGUOUS,
                    "'" + name.get(0) + "' is the name of several tables",
                    Map.of("tables", found));
        }
        return path(found.get(0).toString());
    }

    /** The table of the lake that a name can stand for, whether or not it is there; empty without a lake. */
    Optional<TableId> idOf(List<String> name) {
        boolean named = name.size() == 2
                || (name.size() == 3
                        && catalog.filter(name.get(0)::equalsIgnoreCase).isPresent());
        String layer = named ? name.get(name.size() - 2).toLowerCase(Locale.ROOT) : "";
        return catalog.isPresent() && LAYERS.contains(layer)
                ? Optional.of(new TableId(layer, name.get(name.size() - 1)))
                : Optional.empty();
    }

    @Override
    public boolean isTable(String path) {
        return !path.isBlank() && formats.all().stream().anyMatch(f -> f.recognizes(TablePaths.location(path)));
    }

    private Optional<String> path(String name) {
        List<TableId> several = ambiguous.get(name.toLowerCase(Locale.ROOT));
        if (several != null) {
            throw ambiguity(name, several);
        }
        TableId id = mounted.get(name.toLowerCase(Locale.ROOT));
        return id == null
                ? Optional.empty()
                : Optional.of(lake.location(id).root().toString());
    }

    private boolean isPhysical(List<String> name) {
        String table = SqlText.string(name.get(name.size() - 1));
        // As DuckDB looks a name up: temporary ones, those of the database in use, those of the warehouse.
        String near = "database_name IN (" + SqlText.string(warehouse) + ", 'temp', current_database())"
                + catalog.map(c -> " AND database_name <> " + SqlText.string(c)).orElse("");
        String first = name.size() == 2 ? SqlText.string(name.get(0)) : "";
        String where = name.size() == 2
                ? " WHERE ((" + near + " AND lower(schema_name) = lower(" + first
                        + ")) OR lower(database_name) = lower(" + first + "))"
                : " WHERE " + near;
        try {
            return database.existsOnConnection("SELECT 1 FROM duckdb_tables()" + where
                    + " AND lower(table_name) = lower(" + table
                    + ") UNION ALL SELECT 1 FROM duckdb_views()" + where + " AND NOT internal AND lower(view_name) ="
                    + " lower(" + table + ")");
        } catch (SQLException e) {
            throw new LakeException(ErrorCode.ENGINE_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private void warnOfHidden() {
        mounted.forEach((name, id) -> {
            if (isPhysical(List.of(id.layer(), id.name())) && warned.add(name)) {
                lake.context()
                        .listener()
                        .on(new LakeEvent.Warning(
                                id.toString(),
                                "a table of the warehouse hides the lake's table; read that one by its path '"
                                        + lake.location(id).root() + "'"));
            }
        });
    }

    private String view(TableId id) {
        return catalog.orElseThrow() + "." + SqlText.identifier(id.layer()) + "." + SqlText.identifier(id.name());
    }

    /** The database of the views: {@code lake}, or {@code lake_2} where other connections mount another lake. */
    private String attach() throws SQLException {
        for (int i = 1; ; i++) {
            String name = i == 1 ? "lake" : "lake_" + i;
            boolean taken =
                    database.exists("SELECT 1 FROM duckdb_databases() WHERE database_name = " + SqlText.string(name));
            if (!taken) {
                database.run("ATTACH ':memory:' AS " + name + " (READ_WRITE)");
                database.run("CREATE VIEW " + name + ".main." + MARK + " AS SELECT " + SqlText.string(mark())
                        + " AS folder");
                return name;
            }
            if (database.exists("SELECT 1 FROM duckdb_views() WHERE database_name = " + SqlText.string(name)
                    + " AND view_name = " + SqlText.string(MARK) + " AND contains(sql, "
                    + SqlText.string(SqlText.string(mark())) + ")")) {
                return name;
            }
        }
    }

    private String mark() {
        return root.orElseThrow().toAbsolutePath().normalize().toString();
    }
}
