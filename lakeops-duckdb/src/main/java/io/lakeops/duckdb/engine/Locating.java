package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataFile;
import io.lakeops.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts rows by the file that they stand in. */
final class Locating {
    private final Relations relations;
    private final Statements statements;
    private final Cancellation cancellation;

    Locating(Relations relations, Statements statements, Cancellation cancellation) {
        this.relations = relations;
        this.statements = statements;
        this.cancellation = cancellation;
    }

    List<FileHits> byCondition(Relation.TableRows rows, Expr condition) throws SQLException {
        Addressed table = addressed(rows);
        return hits(rows, table, "FROM (" + table.select().sql() + "\n) WHERE (" + Relations.text(condition) + "\n)");
    }

    private record Addressed(SnapshotSql select, String file) {}

    private Addressed addressed(Relation.TableRows rows) {
        String file = free("lakeops_file", rows.snapshot().schema());
        String position = free("lakeops_position", rows.snapshot().schema());
        return new Addressed(relations.table(rows, ScanOptions.addressed(file, position)), SqlText.identifier(file));
    }

    private static String free(String name, Schema schema) {
        String candidate = name;
        while (schema.find(candidate).isPresent()) {
            candidate += "_";
        }
        return candidate;
    }

    private List<FileHits> hits(Relation.TableRows rows, Addressed table, String from) throws SQLException {
        Work work = new Work("locate", rows.snapshot().table().toString(), cancellation);
        Map<Integer, Long> hits = counts(table, from, work);
        if (hits.isEmpty()) {
            return List.of();
        }
        List<DataFile> files = new ArrayList<>();
        hits.keySet().forEach(index -> files.add(table.select().files().get(index)));
        // Counted, not taken from the log: whoever removes a file whole because all its rows are hit must be right.
        Addressed touched = addressed(new Relation.TableRows(rows.snapshot(), files));
        Map<Integer, Long> live = counts(touched, "FROM (" + touched.select().sql() + "\n)", work);
        List<FileHits> found = new ArrayList<>();
        List<Long> ofHits = List.copyOf(hits.values());
        for (Map.Entry<Integer, Long> entry : live.entrySet()) {
            DataFile file = touched.select().files().get(entry.getKey());
            found.add(new FileHits(file, ofHits.get(files.indexOf(file)), entry.getValue()));
        }
        return found;
    }

    private Map<Integer, Long> counts(Addressed table, String from, Work work) throws SQLException {
        String sql = "SELECT " + table.file() + ", count(*) " + from + " GROUP BY ALL";
        return statements.queryRaw(sql, work, result -> {
            Map<Integer, Long> counts = new TreeMap<>();
            while (result.next()) {
                counts.put(result.getInt(1), result.getLong(2));
            }
            return counts;
        });
    }
}
