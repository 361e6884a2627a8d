package io.lakeops.duckdb.raw;

import io.lakeops.engine.LoadRequest.RawFile;
import io.lakeops.engine.LoadRequest.RawFormat;
import java.util.List;

/**
 * Raw text files of one source.
 *
 * @param columns the source's columns, in order
 */
public record RawFiles(List<RawFile> files, RawFormat format, List<String> columns) {
    public RawFiles {
        files = List.copyOf(files);
        columns = List.copyOf(columns);
        if (format instanceof RawFormat.Parquet) {
            throw new IllegalArgumentException("Parquet is no text");
        }
    }

    /** Opens one of them, and reads its header where it has one. */
    public RecordReader open(int index) {
        RawFile file = files.get(index);
        return format instanceof RawFormat.Csv csv
                ? CsvReader.open(file.path(), csv, columns)
                : JsonLinesReader.open(file.path(), columns, ((RawFormat.JsonLines) format).payload());
    }
}
