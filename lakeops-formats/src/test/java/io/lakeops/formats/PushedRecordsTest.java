package io.lakeops.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.SourceDecoder.Staged;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushedRecordsTest {
    private static final Schema RETURNS = SchemaBuilder.record("returns")
            .fields()
            .requiredLong("return_id")
            .name("return_ts")
            .type(LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .name("refund")
            .type(LogicalTypes.decimal(12, 2).addToSchema(Schema.create(Schema.Type.BYTES)))
            .noDefault()
            .name("at")
            .type(LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .optionalString("reason")
            .endRecord();

    @TempDir
    Path folder;

    @Test
    void records_that_a_host_pushes_become_rows() throws Exception {
        Path target = folder.resolve("pushed.parquet");
        Staged staged;
        try (PushedRecords records = PushedRecords.open(RETURNS, target)) {
            for (long i = 0; i < 1_000; i++) {
                records.push(record(i, i % 4 == 0 ? null : "wrong size"));
            }
            staged = records.finish();
        }

        assertThat(staged.rows()).isEqualTo(1_000);
        assertThat(Duck.read(target, "count(*), count(reason), max(return_ts), sum(refund), max(\"at\")"))
                .containsExactly("1000|750|2024-04-01 02:00:00+00|12500.00|01:02:03");
        assertThat(PushedRecords.relation(staged))
                .isInstanceOfSatisfying(
                        Relation.ParquetFiles.class, r -> assertThat(r.files()).containsExactly(target));
    }

    @Test
    void a_value_that_does_not_fit_leaves_nothing() {
        Path target = folder.resolve("pushed.parquet");
        assertThatThrownBy(() -> {
                    try (PushedRecords records = PushedRecords.open(RETURNS, target)) {
                        records.push(record(1, "fine"));
                        GenericRecord bad = record(2, "bad");
                        bad.put("return_id", null);
                        records.push(bad);
                    }
                })
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
        assertThat(target).doesNotExist();
    }

    @Test
    void after_a_record_that_did_not_fit_nothing_can_be_finished() {
        try (PushedRecords records = PushedRecords.open(RETURNS, folder.resolve("pushed.parquet"))) {
            GenericRecord bad = record(1, "bad");
            bad.put("refund", "a text");
            assertThatThrownBy(() -> records.push(bad)).isInstanceOf(LakeException.class);
            assertThatThrownBy(records::finish).isInstanceOf(LakeException.class);
        }
        assertThat(folder.resolve("pushed.parquet")).doesNotExist();
    }

    @Test
    void a_record_of_another_schema_is_refused_and_the_rest_stands() throws Exception {
        Schema other =
                SchemaBuilder.record("other").fields().requiredLong("return_id").endRecord();
        Path target = folder.resolve("pushed.parquet");
        try (PushedRecords records = PushedRecords.open(RETURNS, target)) {
            records.push(record(1, "fine"));
            assertThatThrownBy(() -> records.push(new GenericData.Record(other)))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH));
            assertThat(records.finish().rows()).isEqualTo(1);
        }
        assertThat(Duck.read(target, "return_id")).containsExactly("1");
    }

    @Test
    void what_is_not_finished_is_deleted() {
        Path target = folder.resolve("pushed.parquet");
        try (PushedRecords records = PushedRecords.open(RETURNS, target)) {
            records.push(record(1, "fine"));
        }
        assertThat(target).doesNotExist();
    }

    private static GenericRecord record(long id, @Nullable String reason) {
        GenericRecord record = new GenericData.Record(RETURNS);
        record.put("return_id", id);
        record.put("return_ts", Instant.parse("2024-04-01T02:00:00Z"));
        record.put("refund", new BigDecimal("12.50"));
        record.put("at", LocalTime.of(1, 2, 3));
        record.put("reason", reason);
        return record;
    }
}
