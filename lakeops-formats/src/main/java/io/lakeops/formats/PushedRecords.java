package io.lakeops.formats;

import io.lakeops.engine.Relation;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.ingest.SourceDecoder.Staged;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * Records that a host pushes, staged as a Parquet file for an append or a load.
 *
 * <p>Shape: {@code open}, any number of {@code push}, {@code finish}, all within try-with-resources. After
 * {@code finish} the file is the caller's to delete; without it {@code close} deletes the file.
 *
 * <p>Errors: SCHEMA_MISMATCH for a record of another schema or a value that does not fit: then nothing is staged;
 * DISK_FULL, IO_FAILED.
 *
 * <p>Threads: one at a time.
 */
public final class PushedRecords implements AutoCloseable {
    private final Schema schema;
    private final StagedSchema staged;
    private final Path target;
    private final ParquetTarget<GenericRecord> parquet;
    private boolean failed;

    private PushedRecords(Schema schema, StagedSchema staged, Path target) {
        this.schema = schema;
        this.staged = staged;
        this.target = target;
        this.parquet = AvroParquet.open(staged.avro(), target);
    }

    /**
     * Begins a file for records of {@code schema}.
     *
     * @param target a Parquet file to be made
     */
    public static PushedRecords open(Schema schema, Path target) {
        return new PushedRecords(schema, StagedSchema.of(schema), target);
    }

    /** Takes one record; it may be used again by the caller after that. */
    public void push(GenericRecord record) {
        if (failed) {
            throw new LakeException(ErrorCode.SCHEMA_MISMATCH, "an earlier record did not fit; nothing is staged");
        }
        if (!schema.equals(record.getSchema())) {
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "the record has another schema than those before it",
                    Map.of(
                            "expected",
                            schema.getFullName(),
                            "got",
                            record.getSchema().getFullName()));
        }
        try {
            parquet.write(staged.stage(record));
        } catch (LakeException e) {
            failed = true;
            throw e;
        } catch (RuntimeException e) {
            failed = true;
            throw new LakeException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "a value does not fit its field: " + e.getMessage(),
                    Map.of("row", parquet.rows()),
                    e);
        }
    }

    /** Ends the file: what it holds. */
    public Staged finish() {
        if (failed) {
            throw new LakeException(ErrorCode.SCHEMA_MISMATCH, "an earlier record did not fit; nothing is staged");
        }
        parquet.finish();
        return new Staged(target, staged.columns(), parquet.rows());
    }

    /** A staged file as rows that an engine reads. */
    public static Relation relation(Staged staged) {
        return new Relation.ParquetFiles(List.of(staged.parquet()), staged.schema());
    }

    /** Deletes the file unless it was finished. */
    @Override
    public void close() {
        parquet.close();
    }
}
