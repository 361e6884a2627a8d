package io.lakeops.formats;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Rows of texts to a Parquet file, without Hadoop. A row is one text, or null, for each column. */
final class TextParquet extends ParquetWriter.Builder<@Nullable String[], TextParquet> {
    private final MessageType schema;

    private TextParquet(OutputFile file, MessageType schema) {
        super(file);
        this.schema = schema;
    }

    static ParquetTarget<@Nullable String[]> open(List<String> columns, Path target) {
        Types.MessageTypeBuilder schema = Types.buildMessage();
        for (String column : columns) {
            schema.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(column);
        }
        return ParquetTarget.open(
                target,
                new TextParquet(new LocalOutputFile(target), schema.named("rows"))
                        .withConf(new PlainParquetConfiguration())
                        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                        .withRowGroupSize(AvroParquet.ROW_GROUP_BYTES));
    }

    @Override
    protected TextParquet self() {
        return this;
    }

    /** Parquet still declares this abstract, though it calls the other. */
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<@Nullable String[]> getWriteSupport(Configuration configuration) {
        return new Rows(schema);
    }

    @Override
    protected WriteSupport<@Nullable String[]> getWriteSupport(ParquetConfiguration configuration) {
        return new Rows(schema);
    }

    /** Hands the texts of a row to Parquet's column writers. */
    private static final class Rows extends WriteSupport<@Nullable String[]> {
        private final MessageType schema;
        private @Nullable RecordConsumer consumer;

        Rows(MessageType schema) {
            this.schema = schema;
        }

        @Override
        @SuppressWarnings("deprecation")
        public WriteContext init(Configuration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(@Nullable String[] row) {
            RecordConsumer out = Objects.requireNonNull(consumer);
            out.startMessage();
            for (int i = 0; i < row.length; i++) {
                String text = row[i];
                if (text != null) {
                    String name = schema.getFieldName(i);
                    out.startField(name, i);
                    out.addBinary(Binary.fromString(text));
                    out.endField(name, i);
                }
            }
            out.endMessage();
        }
    }
}
