package io.lakeops.examples.generate;

import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Schema;
import java.nio.file.Path;

/** Comma-separated values with a header, quoted where needed as RFC 4180 says; NULL is an empty field. */
final class CsvRows implements RowWriter {
    private final TextFile out;
    private final boolean[] zoned;
    private int column;

    CsvRows(Path path, Schema schema) {
        this.out = new TextFile(path);
        this.zoned = new boolean[schema.fields().size()];
        for (int i = 0; i < zoned.length; i++) {
            zoned[i] = schema.fields().get(i).type() == Primitive.TIMESTAMP;
            text(schema.fields().get(i).name());
        }
        endRow();
    }

    private void next() {
        if (column++ > 0) {
            out.character(',');
        }
    }

    @Override
    public void number(long value) {
        next();
        out.number(value);
    }

    @Override
    public void decimal(long unscaled, int scale) {
        next();
        out.decimal(unscaled, scale);
    }

    @Override
    public void text(String value) {
        next();
        if (value.indexOf(',') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0) {
            out.text(value);
            return;
        }
        out.character('"');
        out.text(value.replace("\"", "\"\""));
        out.character('"');
    }

    @Override
    public void date(long epochDay) {
        next();
        out.date(epochDay);
    }

    @Override
    public void time(long epochSecond, int offsetMinutes) {
        boolean instant = zoned[column];
        next();
        if (instant) {
            out.instant(epochSecond, offsetMinutes);
        } else {
            out.time(epochSecond, ' ');
        }
    }

    @Override
    public void flag(boolean value) {
        next();
        out.text(value ? "true" : "false");
    }

    @Override
    public void missing() {
        next();
    }

    @Override
    public void broken(String text) {
        text(text);
    }

    @Override
    public void endRow() {
        out.character('\n');
        column = 0;
    }

    @Override
    public void close() {
        out.close();
    }
}
