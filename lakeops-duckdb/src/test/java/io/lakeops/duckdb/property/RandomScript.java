package io.lakeops.duckdb.property;

import io.lakeops.duckdb.property.RandomColumn.Primitive;
import io.lakeops.duckdb.property.Script.Change;
import io.lakeops.duckdb.property.Script.Restore;
import io.lakeops.duckdb.property.Script.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes a script from a seed: the same seed, the same script. */
final class RandomScript {
    private static final List<String> PLAIN_NAMES = List.of("c1", "select", "Ünï", "d_", "e");
    private static final List<String> ODD_NAMES = List.of("a b", "x,y;{}()=", "q\"q", "Ünï", "from");

    private final Random random;
    private final boolean mapped;
    private final boolean partitioned;
    private final Map<Integer, List<RandomColumn>> before = new HashMap<>();
    private List<RandomColumn> columns = new ArrayList<>();
    private int added;

    private RandomScript(long seed) {
        random = new Random(seed);
        mapped = random.nextBoolean();
        partitioned = random.nextInt(3) == 0;
    }

    static Script of(long seed, int steps) {
        return new RandomScript(seed).script(steps);
    }

    private Script script(int count) {
        columns.add(new RandomColumn("k", new Primitive("BIGINT", keys())));
        List<String> names = mapped ? ODD_NAMES : PLAIN_NAMES;
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            columns.add(new RandomColumn(names.get(i % names.size()), RandomColumn.type(random, i == 0 ? 0 : 2)));
        }
        String definition = columns.stream().map(RandomColumn::definition).collect(Collectors.joining(", ", "(", ")"));
        List<String> lake = List.of("CREATE TABLE {t} " + definition + layout() + properties());
        List<String> plain = List.of("CREATE TABLE {t} " + definition);
        List<Step> steps = new ArrayList<>();
        before.put(-1, List.copyOf(columns));
        for (int number = 0; number < count; number++) {
            steps.add(number == 0 ? insert(number) : step(number));
            before.put(number, List.copyOf(columns));
        }
        return new Script(lake, plain, steps);
    }

    private static List<String> keys() {
        return IntStream.range(0, 12).mapToObj(String::valueOf).toList();
    }

    private String layout() {
        // A binary partition value must be UTF-8, so that a table of them is no table of any bytes.
        if (partitioned && !columns.get(1).type().type().equals("BLOB")) {
            return " PARTITIONED BY (" + columns.get(1).quoted() + ")";
        }
        return random.nextInt(4) == 0 ? " CLUSTER BY (\"k\")" : "";
    }

    private String properties() {
        List<String> properties = new ArrayList<>();
        if (mapped) {
            properties.add("'delta.columnMapping.mode' = '" + (random.nextBoolean() ? "name" : "id") + "'");
        }
        for (String property : List.of(
                "'delta.enableDeletionVectors' = 'true'",
                "'delta.enableChangeDataFeed' = 'true'",
                "'delta.checkpointInterval' = '2'",
                "'delta.checkpoint.writeStatsAsStruct' = 'true'",
                "'delta.enableInCommitTimestamps' = 'true'",
                "'delta.dataSkippingNumIndexedCols' = '1'")) {
            if (random.nextInt(3) == 0) {
                properties.add(property);
            }
        }
        return properties.isEmpty() ? "" : " TBLPROPERTIES (" + String.join(", ", properties) + ")";
    }

    private Step step(int number) {
        return switch (random.nextInt(22)) {
            case 0, 1, 2, 3, 4 -> insert(number);
            case 5, 6, 7 -> same(number, "DELETE FROM {t} WHERE " + condition());
            case 8, 9, 10 -> update(number);
            case 11, 12, 13 -> merge(number);
            case 14, 15 -> change(number, List.of("OPTIMIZE {t}"), List.of());
            case 16 -> new Restore(number, restored(number));
            case 17 -> evolve(number);
            case 18 -> replaceWhere(number);
            case 19 -> overwrite(number);
            case 20 -> copyOfOwnRows(number);
            default -> same(number, "DELETE FROM {t}");
        };
    }

    private int restored(int number) {
        int to = random.nextInt(number);
        columns = new ArrayList<>(before.getOrDefault(to, columns));
        return to;
    }

    private Change same(int number, String sql) {
        return change(number, List.of(sql), List.of(sql));
    }

    private Change change(int number, List<String> lake, List<String> plain) {
        return new Change(number, lake, plain, List.of(), condition());
    }

    private Change insert(int number) {
        String sql = "INSERT INTO {t} VALUES {rows}";
        return new Change(number, List.of(sql), List.of(sql), rows(1 + random.nextInt(12), false), condition());
    }

    /** @param distinct whether no two rows have one key, as the source of a merge needs */
    private List<String> rows(int count, boolean distinct) {
        return IntStream.range(0, count)
                .mapToObj(i -> columns.stream()
                        .map(column -> distinct && column.name().equals("k")
                                ? "CAST(" + (i * 2) + " AS BIGINT)"
                                : column.value(random))
                        .collect(Collectors.joining(", ", "(", ")")))
                .toList();
    }

    private Change update(int number) {
        List<RandomColumn> changed =
                columns.stream().filter(c -> random.nextInt(3) == 0).toList();
        if (changed.isEmpty()) {
            changed = List.of(columns.get(random.nextInt(columns.size())));
        }
        String values = changed.stream()
                .map(column -> column.quoted() + " = " + value(column, ""))
                .collect(Collectors.joining(", "));
        return same(number, "UPDATE {t} SET " + values + (random.nextInt(6) == 0 ? "" : " WHERE " + condition()));
    }

    /** A constant, or another column of the type. */
    private String value(RandomColumn column, String qualifier) {
        List<RandomColumn> alike = columns.stream()
                .filter(other -> other.type().type().equals(column.type().type()))
                .toList();
        return random.nextInt(3) == 0
                ? qualifier + alike.get(random.nextInt(alike.size())).quoted()
                : column.value(random);
    }

    private Change merge(int number) {
        String names = columns.stream().map(RandomColumn::quoted).collect(Collectors.joining(", "));
        String sql = "MERGE INTO {t} AS t USING (VALUES {rows}) AS s(" + names + ") ON t.\"k\" = s.\"k\""
                + (random.nextInt(3) == 0 ? " WHEN MATCHED AND s.\"k\" > 4 THEN DELETE" : "")
                + " WHEN MATCHED THEN UPDATE SET "
                + assigned(column -> "s." + column.quoted())
                + (random.nextBoolean()
                        ? " WHEN NOT MATCHED THEN INSERT (" + names + ") VALUES ("
                                + columns.stream()
                                        .map(column -> "s." + column.quoted())
                                        .collect(Collectors.joining(", "))
                                + ")"
                        : "")
                + (random.nextInt(4) == 0 ? " WHEN NOT MATCHED BY SOURCE AND t.\"k\" < 3 THEN DELETE" : "")
                + (random.nextInt(4) == 0
                        ? " WHEN NOT MATCHED BY SOURCE AND t.\"k\" < 6 THEN UPDATE SET "
                                + assigned(column -> value(column, "t."))
                        : "");
        return new Change(number, List.of(sql), List.of(sql), rows(1 + random.nextInt(5), true), condition());
    }

    private String assigned(Function<RandomColumn, String> value) {
        return columns.stream()
                .filter(column -> !column.name().equals("k"))
                .map(column -> column.quoted() + " = " + value.apply(column))
                .collect(Collectors.joining(", "));
    }

    /** A new column; or one that goes, or is called otherwise, where the table maps its columns. */
    private Change evolve(int number) {
        int last = columns.size() - 1;
        if (mapped && last > 1 && random.nextBoolean()) {
            RandomColumn column = columns.remove(last);
            if (random.nextBoolean()) {
                return same(number, "ALTER TABLE {t} DROP COLUMN " + column.quoted());
            }
            columns.add(new RandomColumn(column.name() + " renamed", column.type()));
            return same(
                    number,
                    "ALTER TABLE {t} RENAME COLUMN " + column.quoted() + " TO "
                            + columns.get(last).quoted());
        }
        RandomColumn column = new RandomColumn("added" + added++, RandomColumn.type(random, 1));
        columns.add(column);
        return same(number, "ALTER TABLE {t} ADD COLUMN " + column.definition());
    }

    private Change replaceWhere(int number) {
        List<String> rows = rows(1 + random.nextInt(3), true);
        return new Change(
                number,
                List.of("INSERT INTO {t} REPLACE WHERE \"k\" <= 4 VALUES {rows}"),
                List.of("DELETE FROM {t} WHERE \"k\" <= 4", "INSERT INTO {t} VALUES {rows}"),
                rows,
                condition());
    }

    private Change overwrite(int number) {
        return new Change(
                number,
                List.of("INSERT OVERWRITE {t} VALUES {rows}"),
                List.of("DELETE FROM {t}", "INSERT INTO {t} VALUES {rows}"),
                rows(1 + random.nextInt(6), false),
                condition());
    }

    private Change copyOfOwnRows(int number) {
        return same(number, "INSERT INTO {t} SELECT * FROM {t} WHERE " + condition());
    }

    /** A comparison with a column's value, or two of them. */
    private String condition() {
        String one = comparison();
        return switch (random.nextInt(5)) {
            case 0 -> "(" + one + ") AND (" + comparison() + ")";
            case 1 -> "(" + one + ") OR (" + comparison() + ")";
            case 2 -> "NOT (" + one + ")";
            default -> one;
        };
    }

    private String comparison() {
        RandomColumn column = columns.get(random.nextInt(columns.size()));
        String name = column.quoted();
        return switch (random.nextInt(9)) {
            case 0 -> name + " IS NULL";
            case 1 -> name + " IS NOT NULL";
            case 2 -> name + " IN (" + column.value(random) + ", " + column.value(random) + ")";
            case 3 -> name + " <> " + column.value(random);
            case 4 -> name + " < " + column.value(random);
            case 5 -> name + " >= " + column.value(random);
            case 6 -> name + " IS NOT DISTINCT FROM " + column.value(random);
            default -> name + " = " + column.value(random);
        };
    }
}
