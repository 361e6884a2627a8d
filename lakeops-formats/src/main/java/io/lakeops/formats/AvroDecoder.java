package io.lakeops.formats;

import com.google.auto.service.AutoService;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.ingest.SourceDecoder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro container files ({@code .avro}), staged as typed Parquet.
 *
 * <p>Shape: one column a field of the record; the types are those of docs/reference/types.md.
 *
 * <p>Errors: SOURCE_NOT_FOUND; SOURCE_EMPTY; SOURCE_UNREADABLE for a file that is truncated, damaged or no Avro, for a
 * compression whose library is not there, and for a type that no column can have; SOURCE_COLUMNS for fields whose names
 * differ only in case.
 *
 * <p>Threads: safe.
 */
@AutoService(SourceDecoder.class)
public final class AvroDecoder implements SourceDecoder {
    @Override
    public String name() {
        return "avro";
    }

    @Override
    public boolean reads(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".avro");
    }

    @Override
    public Staged decode(Path file, Path target) {
        long announced = announced(file);
        try (DataFileReader<GenericRecord> reader = open(file)) {
            StagedSchema schema = staged(file, reader.getSchema());
            try (ParquetTarget<GenericRecord> parquet = AvroParquet.open(schema.avro(), target)) {
                GenericRecord reuse = null;
                while (hasNext(reader, file)) {
                    reuse = next(reader, reuse, file, parquet.rows());
                    parquet.write(schema.stage(reuse));
                }
                if (parquet.rows() != announced) {
                    throw unreadable(file, announced + " rows announced, " + parquet.rows() + " found", null);
                }
                parquet.finish();
                return new Staged(target, schema.columns(), announced);
            }
        } catch (IOException e) {
            throw StorageErrors.of("can't close the raw file", file, e);
        }
    }

    private static long announced(Path file) {
        try {
            return AvroFraming.rows(file);
        } catch (NoSuchFileException e) {
            throw new LakeException(ErrorCode.SOURCE_NOT_FOUND, "there is no such raw file", Map.of("file", file), e);
        } catch (IOException e) {
            throw StorageErrors.of("can't read the raw file", file, e);
        }
    }

    private static DataFileReader<GenericRecord> open(Path file) {
        // A model without conversions: values stay as they are stored.
        GenericDatumReader<GenericRecord> records = new GenericDatumReader<>(null, null, new GenericData());
        try {
            return new DataFileReader<>(file.toFile(), records);
        } catch (IOException | AvroRuntimeException e) {
            throw unreadable(file, e.getMessage(), e);
        } catch (LinkageError e) {
            throw unreadable(file, "its compression needs a library that is not on the class path: " + e, e);
        }
    }

    private static StagedSchema staged(Path file, org.apache.avro.Schema schema) {
        try {
            return StagedSchema.of(schema);
        } catch (LakeException e) {
            ErrorCode code = e.code() == ErrorCode.SCHEMA_MISMATCH ? ErrorCode.SOURCE_COLUMNS : e.code();
            throw new LakeException(
                    code, e.problem() + " " + e.context(), Map.of("file", String.valueOf(file.getFileName())), e);
        }
    }

    private static boolean hasNext(DataFileReader<GenericRecord> reader, Path file) {
        try {
            return reader.hasNext();
        } catch (AvroRuntimeException e) {
            throw unreadable(file, "a block can't be decoded: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw unreadable(file, "its compression needs a library that is not on the class path: " + e, e);
        }
    }

    private static GenericRecord next(
            DataFileReader<GenericRecord> reader, @Nullable GenericRecord reuse, Path file, long row) {
        try {
            return Objects.requireNonNull(reader.next(reuse));
        } catch (IOException | RuntimeException e) {
            // Damaged bytes surface as any of Avro's and the JDK's exceptions.
            throw unreadable(file, "row " + row + " can't be decoded: " + e.getMessage(), e);
        }
    }

    private static LakeException unreadable(Path file, @Nullable String problem, @Nullable Throwable cause) {
        return new LakeException(
                ErrorCode.SOURCE_UNREADABLE,
                "not a whole Avro file: " + problem,
                Map.of("file", file.getFileName()),
                cause);
    }
}
