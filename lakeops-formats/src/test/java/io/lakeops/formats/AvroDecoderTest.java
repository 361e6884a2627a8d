package io.lakeops.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.SourceDecoder;
import io.lakeops.provider.Providers;
import io.lakeops.table.DataType;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroDecoderTest {
    private static final Schema ORDERS = SchemaBuilder.record("orders")
            .fields()
            .requiredLong("order_id")
            .optionalString("coupon_code")
            .endRecord();

    private final AvroDecoder decoder = new AvroDecoder();

    @TempDir
    Path folder;

    @ParameterizedTest(name = "codec {0}")
    @ValueSource(strings = {"null", "deflate", "snappy", "bzip2", "zstandard"})
    void files_of_every_codec_are_read_row_by_row(String codec) throws Exception {
        Path file = orders("orders.avro", codec, 5_000);

        SourceDecoder.Staged staged = decoder.decode(file, folder.resolve("staged.parquet"));

        assertThat(staged.rows()).isEqualTo(5_000);
        assertThat(Duck.read(staged.parquet(), "count(*), count(coupon_code), sum(order_id), min(coupon_code)"))
                .containsExactly("5000|2500|12497500|C0");
    }

    @Test
    void every_type_arrives_as_the_type_that_a_table_has() throws Exception {
        Schema schema = typed();
        GenericRecord row = new GenericData.Record(schema);
        row.put("flag", true);
        row.put("day", 19_814);
        row.put("at_millis", 1_711_936_800_123L);
        row.put("at_micros", 1_711_936_800_123_456L);
        row.put("at_nanos", 1_711_936_800_123_456_789L);
        row.put("local_micros", 1_711_936_800_123_456L);
        row.put("time_millis", 3_661_500);
        row.put("time_micros", 3_661_000_001L);
        row.put(
                "price",
                new Conversions.DecimalConversion()
                        .toBytes(
                                new BigDecimal("-12.3400"),
                                schema.getField("price").schema(),
                                LogicalTypes.decimal(12, 4)));
        row.put(
                "huge",
                new Conversions.DecimalConversion()
                        .toBytes(
                                new BigDecimal("1234567890123456789012345678901234567890.5"),
                                schema.getField("huge").schema(),
                                LogicalTypes.decimal(45, 1)));
        row.put("uuid_text", "6f9619ff-8b86-d011-b42d-00c04fc964ff");
        row.put(
                "uuid_fixed",
                new GenericData.Fixed(
                        schema.getField("uuid_fixed").schema(),
                        ByteBuffer.allocate(16)
                                .putLong(0x6f9619ff8b86d011L)
                                .putLong(0xb42d00c04fc964ffL)
                                .array()));
        row.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "web"));
        row.put("raw", ByteBuffer.wrap(new byte[] {1, 2}));
        row.put("tags", Arrays.asList("a", null, "ü"));
        row.put("counts", Map.of("x", 1L));
        GenericRecord point = new GenericData.Record(schema.getField("point").schema());
        point.put("lat", 1.5d);
        point.put("seen", 1_000);
        row.put("point", point);
        row.put("either", "text");
        Path file = write("typed.avro", schema, CodecFactory.nullCodec(), List.of(row));

        SourceDecoder.Staged staged = decoder.decode(file, folder.resolve("staged.parquet"));

        assertThat(Duck.read(
                        staged.parquet(),
                        "flag, day, at_millis, at_micros, at_nanos, local_micros, time_millis, time_micros, price, huge,"
                                + " uuid_text, uuid_fixed, kind, hex(raw), tags, counts, point, either"))
                .containsExactly("true|2024-04-01|2024-04-01 02:00:00.123+00|2024-04-01 02:00:00.123456+00"
                        + "|2024-04-01 02:00:00.123456+00|2024-04-01 02:00:00.123456|01:01:01.500|01:01:01.000001"
                        + "|-12.3400|1234567890123456789012345678901234567890.5"
                        + "|6f9619ff-8b86-d011-b42d-00c04fc964ff|6f9619ff-8b86-d011-b42d-00c04fc964ff|web|0102"
                        + "|[a, NULL, ü]|{x=1}|{'lat': 1.5, 'seen': '00:00:01'}|{'member0': text, 'member1': NULL}");
        assertThat(staged.schema().names()).doesNotContain("nothing").hasSize(18);
        assertThat(staged.schema().require("price").type()).isEqualTo(new DataType.Decimal(12, 4));
        assertThat(staged.schema().require("at_nanos").type()).isEqualTo(DataType.Primitive.TIMESTAMP);
        assertThat(staged.schema().require("local_micros").type()).isEqualTo(DataType.Primitive.TIMESTAMP_NTZ);
        assertThat(staged.schema().require("day").nullable()).isFalse();
    }

    private static Schema typed() {
        return SchemaBuilder.record("typed")
                .fields()
                .requiredBoolean("flag")
                .name("day")
                .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
                .noDefault()
                .name("at_millis")
                .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("at_micros")
                .type(LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("at_nanos")
                .type(LogicalTypes.timestampNanos().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("local_micros")
                .type(LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("time_millis")
                .type(LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT)))
                .noDefault()
                .name("time_micros")
                .type(LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("price")
                .type(LogicalTypes.decimal(12, 4).addToSchema(Schema.create(Schema.Type.BYTES)))
                .noDefault()
                .name("huge")
                .type(LogicalTypes.decimal(45, 1).addToSchema(Schema.create(Schema.Type.BYTES)))
                .noDefault()
                .name("uuid_text")
                .type(LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING)))
                .noDefault()
                .name("uuid_fixed")
                .type(LogicalTypes.uuid().addToSchema(Schema.createFixed("uuid16", null, null, 16)))
                .noDefault()
                .name("kind")
                .type(Schema.createEnum("kind", null, null, List.of("web", "pos")))
                .noDefault()
                .requiredBytes("raw")
                .name("tags")
                .type(Schema.createArray(
                        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING))))
                .noDefault()
                .name("counts")
                .type(Schema.createMap(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("point")
                .type(SchemaBuilder.record("point")
                        .fields()
                        .requiredDouble("lat")
                        .name("seen")
                        .type(LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT)))
                        .noDefault()
                        .endRecord())
                .noDefault()
                .name("nothing")
                .type(Schema.create(Schema.Type.NULL))
                .noDefault()
                .name("either")
                .type(Schema.createUnion(Schema.create(Schema.Type.STRING), Schema.create(Schema.Type.LONG)))
                .noDefault()
                .endRecord();
    }

    @Test
    void a_file_without_rows_has_its_columns() throws Exception {
        SourceDecoder.Staged staged =
                decoder.decode(orders("none.avro", "deflate", 0), folder.resolve("staged.parquet"));

        assertThat(staged.rows()).isZero();
        assertThat(Duck.read(staged.parquet(), "count(order_id), count(coupon_code)"))
                .containsExactly("0|0");
    }

    @ParameterizedTest(name = "cut after {0} thousandths")
    @ValueSource(ints = {1, 10, 200, 500, 731, 900, 999})
    void a_truncated_file_leaves_nothing(int thousandths) throws Exception {
        Path whole = orders("orders.avro", "deflate", 20_000);
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.avro");
        Files.write(cut, Arrays.copyOf(bytes, (int) ((long) bytes.length * thousandths / 1000)));

        refused(cut, ErrorCode.SOURCE_UNREADABLE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_damaged_file_is_refused_or_read_whole_and_never_by_another_error(long seed) throws Exception {
        Path whole = orders("orders.avro", "snappy", 20_000);
        byte[] bytes = Files.readAllBytes(whole);
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            bytes[200 + random.nextInt(bytes.length - 200)] ^= (byte) (1 + random.nextInt(255));
        }
        Path damaged = folder.resolve("damaged.avro");
        Files.write(damaged, bytes);

        // Snappy blocks carry a checksum, so that twenty changed bytes can't go unnoticed.
        refused(damaged, ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void a_length_that_no_file_has_reserves_no_memory() throws Exception {
        Path file = orders("orders.avro", "null", 10);
        byte[] bytes = Files.readAllBytes(file);
        byte[] sync = Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length);
        int block = indexOf(bytes, sync) + 16;
        // A block of one row and 2^31-1 bytes.
        byte[] claim = {2, (byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        byte[] hostile = Arrays.copyOf(bytes, block + claim.length);
        System.arraycopy(claim, 0, hostile, block, claim.length);
        Files.write(file, hostile);

        refused(file, ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void what_is_no_avro_is_refused_by_its_kind() throws Exception {
        refused(Files.writeString(folder.resolve("a.avro"), "order_id,coupon\n1,x\n"), ErrorCode.SOURCE_UNREADABLE);
        refused(Files.createFile(folder.resolve("b.avro")), ErrorCode.SOURCE_EMPTY);
        refused(folder.resolve("c.avro"), ErrorCode.SOURCE_NOT_FOUND);
        refused(Files.writeString(folder.resolve("d.avro"), "Obj"), ErrorCode.SOURCE_UNREADABLE);
    }

    @Test
    void a_schema_that_is_no_table_is_refused() throws Exception {
        Schema recursive = new Schema.Parser()
                .parse(
                        "{\"type\":\"record\",\"name\":\"n\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"n\"]}]}");
        refused(
                write("recursive.avro", recursive, CodecFactory.nullCodec(), List.<GenericRecord>of()),
                ErrorCode.SOURCE_UNREADABLE);
        refused(
                write("text.avro", Schema.create(Schema.Type.STRING), CodecFactory.nullCodec(), List.of("a")),
                ErrorCode.SOURCE_UNREADABLE);
        refused(
                write(
                        "twice.avro",
                        SchemaBuilder.record("r")
                                .fields()
                                .requiredInt("a")
                                .requiredInt("A")
                                .endRecord(),
                        CodecFactory.nullCodec(),
                        List.<GenericRecord>of()),
                ErrorCode.SOURCE_COLUMNS);
    }

    @Test
    void a_file_that_stands_is_never_overwritten() throws Exception {
        Path target = Files.writeString(folder.resolve("staged.parquet"), "mine");

        assertThatThrownBy(() -> decoder.decode(orders("orders.avro", "null", 1), target))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(target).hasContent("mine");
    }

    @Test
    void both_decoders_are_found_by_name() {
        Providers<SourceDecoder> decoders =
                Providers.load(SourceDecoder.class, ServiceLoader.load(SourceDecoder.class));

        assertThat(decoders.require("avro")).isInstanceOf(AvroDecoder.class);
        assertThat(decoders.require("xlsx")).isInstanceOf(XlsxDecoder.class);
        assertThat(decoder.reads(Path.of("x", "ORDERS.AVRO"))).isTrue();
        assertThat(decoder.reads(Path.of("orders.avro.tmp"))).isFalse();
    }

    @Test
    void hadoop_is_not_needed() {
        assertThatThrownBy(() -> Class.forName("org.apache.hadoop.conf.Configuration"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private void refused(Path file, ErrorCode code) {
        Path target = folder.resolve("refused.parquet");
        assertThatThrownBy(() -> decoder.decode(file, target))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(target).doesNotExist();
    }

    private Path orders(String name, String codec, int rows) throws IOException {
        List<GenericRecord> records = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            GenericRecord record = new GenericData.Record(ORDERS);
            record.put("order_id", (long) i);
            record.put("coupon_code", i % 2 == 0 ? "C" + i : null);
            records.add(record);
        }
        return write(name, ORDERS, CodecFactory.fromString(codec), records);
    }

    private <T> Path write(String name, Schema schema, CodecFactory codec, List<T> records) throws IOException {
        File file = folder.resolve(name).toFile();
        try (DataFileWriter<T> writer = new DataFileWriter<>(new GenericDatumWriter<T>(schema))) {
            writer.setCodec(codec).setSyncInterval(16_000).create(schema, file);
            for (T record : records) {
                writer.append(record);
            }
        }
        return file.toPath();
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }
}
