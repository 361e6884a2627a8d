package io.lakeops.examples.generate;

import io.lakeops.table.Schema;
import java.nio.file.Path;
import java.util.List;

/**
 * One JSON object a line. The last column's text is members, written as they stand; a missing value is no member; a
 * broken one is not quoted, so that the line is no JSON.
 */
final class JsonRows implements RowWriter {
    private final TextFile out;
    private final List<String> names;
    private int column;
    private boolean first = true;

    JsonRows(Path path, Schema schema) {
        this.out = new TextFile(path);
        this.names = schema.names();
    }

    private void name() {
        out.text(first ? "{\"" : ",\"");
        out.text(names.get(column++));
        out.text("\":");
        first = false;
    }

    @Override
    public void number(long value) {
        name();
        out.number(value);
    }

    @Override
    public void decimal(long unscaled, int scale) {
        name();
        out.decimal(unscaled, scale);
    }

    @Override
    public void text(String value) {
        if (column == names.size() - 1) {
            column++;
            out.character(first ? '{' : ',');
            out.text(value);
            first = false;
            return;
        }
        name();
        out.character('"');
        out.text(value);
        out.character('"');
    }

    @Override
    public void date(long epochDay) {
        name();
        out.character('"');
        out.date(epochDay);
        out.character('"');
    }

    @Override
    public void time(long epochSecond, int offsetMinutes) {
        name();
        out.character('"');
        out.instant(epochSecond, offsetMinutes);
        out.character('"');
    }

    @Override
    public void flag(boolean value) {
        name();
        out.text(value ? "true" : "false");
    }

    @Override
    public void missing() {
        column++;
    }

    @Override
    public void broken(String text) {
        name();
        out.text(text);
    }

    @Override
    public void endRow() {
        out.text("}\n");
        column = 0;
        first = true;
    }

    @Override
    public void close() {
        out.close();
    }
}
