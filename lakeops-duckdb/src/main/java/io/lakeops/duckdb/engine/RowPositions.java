package io.lakeops.duckdb.engine;

import io.lakeops.context.Cancellation;
import io.lakeops.duckdb.engine.Statements.Work;
import io.lakeops.duckdb.scan.ScanOptions;
import io.lakeops.duckdb.scan.SnapshotSql;
import io.lakeops.duckdb.type.SqlText;
import io.lakeops.engine.Expr;
import io.lakeops.engine.FoundRows;
import io.lakeops.engine.Relation;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.Schema;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds rows by file and position. DuckDB makes a bit map of each block of rows, so that a few bytes come out instead of
 * rows.
 *
 * <p>DuckDB can't spill these maps, so that files are looked at in groups of a bounded number of rows: 8 MiB of bits where
 * every row is found, and about as much again for few rows far apart.
 */
final class RowPositions {
    private static final int BLOCK_SHIFT = 10;
    private static final int BLOCK = 1 << BLOCK_SHIFT;
    private static final long ROWS_AT_ONCE = 1L << 26;
    /** A row of a file whose rows nobody counted has at least so many bytes. */
    private static final long LEAST_ROW_BYTES = 1;

    private final Relations relations;
    private final Statements statements;
    private final Cancellation cancellation;

    RowPositions(Relations relations, Statements statements, Cancellation cancellation) {
        this.relations = relations;
        this.statements = statements;
        this.cancellation = cancellation;
    }

    void find(Relation.TableRows rows, Expr condition, FoundRows found) throws SQLException {
        List<DataFile> group = new ArrayList<>();
        long size = 0;
        for (DataFile file : rows.files()) {
            long more = rows(file);
            if (!group.isEmpty() && size + more > ROWS_AT_ONCE) {
                search(new Relation.TableRows(rows.snapshot(), group), condition, found);
                group.clear();
                size = 0;
            }
            group.add(file);
            size += more;
        }
        search(new Relation.TableRows(rows.snapshot(), group), condition, found);
    }

    /** The rows whose addresses stand in a table, once each: {@code file} is an index in the files of {@code select}. */
    void staged(SnapshotSql select, String table, String file, String position, Work work, FoundRows found)
            throws SQLException {
        int from = 0;
        long size = 0;
        for (int i = 0; i < select.files().size(); i++) {
            long more = rows(select.files().get(i));
            if (i > from && size + more > ROWS_AT_ONCE) {
                staged(select, table, file, position, from, i, work, found);
                from = i;
                size = 0;
            }
            size += more;
        }
        staged(select, table, file, position, from, select.files().size(), work, found);
    }

    private void staged(
            SnapshotSql select,
            String table,
            String file,
            String position,
            int from,
            int to,
            Work work,
            FoundRows found)
            throws SQLException {
        String addresses = "SELECT " + file + ", " + position + " FROM " + table + " WHERE " + file + " >= " + from
                + " AND " + file + " < " + to;
        read(select, addresses, work, found);
    }

    private static long rows(DataFile file) {
        return file.liveRows().orElse(file.fileBytes() / LEAST_ROW_BYTES);
    }

    private void search(Relation.TableRows rows, Expr condition, FoundRows found) throws SQLException {
        if (rows.files().isEmpty()) {
            return;
        }
        Schema schema = rows.snapshot().schema();
        String file = free("lakeops_file", schema);
        String position = free("lakeops_position", schema);
        SnapshotSql select = relations.table(rows, ScanOptions.addressed(file, position));
        read(
                select,
                "SELECT " + SqlText.identifier(file) + ", " + SqlText.identifier(position) + " FROM (" + select.sql()
                        + "\n) WHERE (" + Relations.text(condition) + "\n)",
                new Work("find", rows.snapshot().table().toString(), cancellation),
                found);
    }

    /** Reads rows {@code (file, position)} of a query, each file once. */
    private void read(SnapshotSql select, String addresses, Work work, FoundRows found) throws SQLException {
        String sql = "SELECT f, p >> " + BLOCK_SHIFT + " AS block, bitstring_agg((p & " + (BLOCK - 1)
                + ")::INTEGER, 0, " + (BLOCK - 1) + ")::BLOB FROM (" + addresses
                + ") AS found(f, p) GROUP BY ALL ORDER BY 1, 2";
        statements.queryRaw(sql, work, result -> {
            Bits bits = new Bits(select.files(), found);
            while (result.next()) {
                bits.add(result);
            }
            bits.end();
            return Boolean.TRUE;
        });
    }

    /** The blocks of one file after the other. */
    private static final class Bits {
        private final List<DataFile> files;
        private final FoundRows found;
        private long[] words = new long[BLOCK / 64];
        private int used;
        private int file = -1;

        Bits(List<DataFile> files, FoundRows found) {
            this.files = files;
            this.found = found;
        }

        void add(ResultSet block) throws SQLException {
            int of = block.getInt(1);
            if (of != file) {
                end();
                file = of;
            }
            int first = Math.toIntExact(block.getLong(2) * (BLOCK / 64));
            int end = first + BLOCK / 64;
            if (end > words.length) {
                words = Arrays.copyOf(words, Math.max(end, words.length * 2));
            }
            // DuckDB writes the first bit of a map as the highest of its byte.
            ByteBuffer bytes = ByteBuffer.wrap(block.getBytes(3));
            for (int word = first; word < end; word++) {
                words[word] = Long.reverse(bytes.getLong());
            }
            used = end;
        }

        void end() {
            if (file >= 0) {
                found.accept(files.get(file), DeletedRows.of(Arrays.copyOf(words, used)));
                Arrays.fill(words, 0, used, 0L);
                used = 0;
            }
        }
    }

    private static String free(String name, Schema schema) {
        String candidate = name;
        while (schema.find(candidate).isPresent()) {
            candidate += "_";
        }
        return candidate;
    }
}
