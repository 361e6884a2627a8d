package io.lakeops.engine;

import io.lakeops.table.Schema;
import io.lakeops.table.TableRules;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Raw files to be typed and written as data files of a table, with their rejects.
 *
 * <p>Good rows carry the source's columns and then {@code ingestion_ts} TIMESTAMP, {@code src_filename} STRING,
 * {@code src_row_hash} STRING: md5 in lower-case hex over the columns in source order as text, null as {@code \N},
 * joined by U+001F. The text is the one in the file, before it is typed: a CSV field without its quotes, a JSON string's
 * characters, any other JSON value as it is written; of Parquet, the value as the engine prints it. Rejects carry
 * {@code reject_reason}, {@code src_filename}, {@code src_line} (from 1, LONG), {@code raw}, {@code batch} (STRING).
 *
 * @param files what to read, each with the name that src_filename shows
 * @param format how
 * @param source the source's columns, in order, with their types; text that can't be typed rejects the row
 * @param required columns that may not be null: a null rejects the row
 * @param derived further columns of the table, computed from the source's and {@code src_filename}, such as a partition column
 * @param table the table's schema: source columns, derived ones, audit columns
 * @param partitionColumns of the table
 * @param orderBy columns by which rows are sorted within a file
 * @param root the table's folder
 * @param rejectsRoot the folder of the table of rejects
 * @param batch the batch's name
 * @param ingestionTime the value of ingestion_ts
 * @param targetFileBytes near which size a data file ends
 * @param rules of the table; a row that breaks one is rejected
 */
public record LoadRequest(
        List<RawFile> files,
        RawFormat format,
        Schema source,
        List<String> required,
        List<Derived> derived,
        Schema table,
        List<String> partitionColumns,
        List<String> orderBy,
        Path root,
        Path rejectsRoot,
        String batch,
        Instant ingestionTime,
        long targetFileBytes,
        TableRules rules) {
    public LoadRequest {
        files = List.copyOf(files);
        required = List.copyOf(required);
        derived = List.copyOf(derived);
        partitionColumns = List.copyOf(partitionColumns);
        orderBy = List.copyOf(orderBy);
        Objects.requireNonNull(ingestionTime);
        Objects.requireNonNull(rules);
    }

    /** Files for a table without rules. */
    public LoadRequest(
            List<RawFile> files,
            RawFormat format,
            Schema source,
            List<String> required,
            List<Derived> derived,
            Schema table,
            List<String> partitionColumns,
            List<String> orderBy,
            Path root,
            Path rejectsRoot,
            String batch,
            Instant ingestionTime,
            long targetFileBytes) {
        this(
                files,
                format,
                source,
                required,
                derived,
                table,
                partitionColumns,
                orderBy,
                root,
                rejectsRoot,
                batch,
                ingestionTime,
                targetFileBytes,
                TableRules.none());
    }

    /**
     * A raw file.
     *
     * @param path where its bytes are
     * @param name what src_filename shows: relative to the raw folder, with {@code /}
     */
    public record RawFile(Path path, String name) {}

    /** A column computed from others; a null where {@code required} names it rejects the row. */
    public record Derived(String column, Expr expression) {}

    /** How raw bytes become rows. */
    public sealed interface RawFormat {
        /** Delimited text with a header line, matched by name. */
        record Csv(char delimiter, char quote, Optional<String> nullText) implements RawFormat {
            /** Commas, double quotes, an empty unquoted field is null. */
            public static Csv standard() {
                return new Csv(',', '"', Optional.empty());
            }
        }

        /**
         * One JSON object a line. Source columns are taken from the object by name; {@code payload} names the column, if
         * any, that takes the other members as a JSON text.
         */
        record JsonLines(Optional<String> payload) implements RawFormat {}

        /** Parquet, columns matched by name. */
        record Parquet() implements RawFormat {}
    }
}
