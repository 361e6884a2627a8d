package io.lakeops.examples.generate;

import io.lakeops.table.DataType;
import io.lakeops.table.DataType.Decimal;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * An Avro container file; every field may be null. Its sync marker depends on the source alone and its blocks aren't
 * compressed, for Deflate's bytes differ from one zlib to another.
 */
final class AvroRows implements RowWriter {
    private final io.lakeops.table.Schema columns;
    private final GenericData.Record record;
    private final DataFileWriter<GenericRecord> out;
    private int column;

    AvroRows(Path path, String source, io.lakeops.table.Schema columns) {
        this.columns = columns;
        Schema schema = schema(source, columns);
        this.record = new GenericData.Record(schema);
        this.out = new DataFileWriter<>(new GenericDatumWriter<>(schema));
        out.setCodec(CodecFactory.nullCodec());
        byte[] sync = Arrays.copyOf(source.getBytes(StandardCharsets.US_ASCII), 16);
        try {
            out.create(schema, java.nio.file.Files.newOutputStream(path), sync);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema schema(String source, io.lakeops.table.Schema columns) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Field column : columns.fields()) {
            fields.add(new Schema.Field(
                    column.name(),
                    SchemaBuilder.unionOf()
                            .nullType()
                            .and()
                            .type(type(column.type()))
                            .endUnion(),
                    null,
                    Schema.Field.NULL_DEFAULT_VALUE));
        }
        return Schema.createRecord(source, null, "io.lakeops.retail", false, fields);
    }

    private static Schema type(DataType type) {
        if (type instanceof Decimal decimal) {
            return logical(Schema.Type.BYTES, LogicalTypes.decimal(decimal.precision(), decimal.scale()));
        }
        if (type instanceof Primitive primitive) {
            switch (primitive) {
                case LONG -> {
                    return Schema.create(Schema.Type.LONG);
                }
                case INTEGER -> {
                    return Schema.create(Schema.Type.INT);
                }
                case DOUBLE -> {
                    return Schema.create(Schema.Type.DOUBLE);
                }
                case BOOLEAN -> {
                    return Schema.create(Schema.Type.BOOLEAN);
                }
                case STRING -> {
                    return Schema.create(Schema.Type.STRING);
                }
                case DATE -> {
                    return logical(Schema.Type.INT, LogicalTypes.date());
                }
                case TIMESTAMP -> {
                    return logical(Schema.Type.LONG, LogicalTypes.timestampMicros());
                }
                case TIMESTAMP_NTZ -> {
                    return logical(Schema.Type.LONG, LogicalTypes.localTimestampMicros());
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException("no retail source has a column of type " + type);
    }

    private static Schema logical(Schema.Type type, LogicalType logical) {
        return logical.addToSchema(Schema.create(type));
    }

    @Override
    public void number(long value) {
        boolean wide = columns.fields().get(column).type() == Primitive.LONG;
        record.put(column++, wide ? (Object) value : (Object) Math.toIntExact(value));
    }

    @Override
    public void decimal(long unscaled, int scale) {
        if (columns.fields().get(column).type() == Primitive.DOUBLE) {
            double unit = 1;
            for (int i = 0; i < scale; i++) {
                unit *= 10;
            }
            record.put(column++, unscaled / unit);
            return;
        }
        record.put(column++, ByteBuffer.wrap(BigInteger.valueOf(unscaled).toByteArray()));
    }

    @Override
    public void text(String value) {
        boolean members = columns.fields().get(column).name().equals("payload");
        record.put(column++, members ? "{" + value + "}" : value);
    }

    @Override
    public void date(long epochDay) {
        record.put(column++, Math.toIntExact(epochDay));
    }

    @Override
    public void time(long epochSecond, int offsetMinutes) {
        record.put(column++, epochSecond * 1_000_000);
    }

    @Override
    public void flag(boolean value) {
        record.put(column++, value);
    }

    @Override
    public void missing() {
        record.put(column++, null);
    }

    @Override
    public void broken(String text) {
        missing();
    }

    @Override
    public void endRow() {
        try {
            out.append(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        column = 0;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
