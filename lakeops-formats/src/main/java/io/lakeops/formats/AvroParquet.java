package io.lakeops.formats;

import java.nio.file.Path;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/** Avro records to a Parquet file, without Hadoop. */
final class AvroParquet {
    static final long ROW_GROUP_BYTES = 16L << 20;

    private AvroParquet() {}

    static ParquetTarget<GenericRecord> open(Schema schema, Path target) {
        ParquetConfiguration configuration = new PlainParquetConfiguration();
        // The old structure of lists can't hold a null element.
        configuration.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        return ParquetTarget.open(
                target,
                AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(target))
                        .withConf(configuration)
                        .withSchema(schema)
                        .withDataModel(values())
                        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                        .withRowGroupSize(ROW_GROUP_BYTES));
    }

    /** Takes raw values, and those that a host's own reader converted. */
    private static GenericData values() {
        GenericData values = new GenericData();
        values.addLogicalTypeConversion(new Conversions.DecimalConversion());
        values.addLogicalTypeConversion(new TimeConversions.DateConversion());
        values.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        values.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        values.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
        values.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
        return values;
    }
}
