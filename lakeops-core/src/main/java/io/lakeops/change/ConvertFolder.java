package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Session;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.table.Attempts;
import io.lakeops.table.CommitResult;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.DataType;
import io.lakeops.table.Field;
import io.lakeops.table.FileChange;
import io.lakeops.table.FileStatistics;
import io.lakeops.table.Isolation;
import io.lakeops.table.LakeTable;
import io.lakeops.table.Operation;
import io.lakeops.table.Pruning;
import io.lakeops.table.Reads;
import io.lakeops.table.Schema;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a folder of Parquet files a table, in one commit; the files stay as and where they are.
 *
 * <p>Columns are those of all files. The columns by which the folders partition them are named with their types, in the order of
 * the folders; what a file itself has by such a name counts for nothing. Files and folders whose names begin with {@code _} or
 * {@code .} are left out. Where a table stands already, nothing is done.
 *
 * <p>Errors: INVALID_ARGUMENT for a folder without files, with a link or another table in it, or with other partition
 * columns; SCHEMA_MISMATCH where files disagree, or a partition's name is no value of its column; TYPE_UNSUPPORTED;
 * DATA_FILE_CORRUPT for what is no Parquet file; FEATURE_UNSUPPORTED where the format can't do it; COMMIT_OUTCOME_UNKNOWN.
 *
 * @param partitionColumns by name and type; those of the folders, in their order
 * @param statistics whether the files are read once, for the bounds of their columns
 * @param userMetadata a free text for the history
 */
public record ConvertFolder(List<Field> partitionColumns, boolean statistics, Optional<String> userMetadata) {
    private static final String NAME = "CONVERT";

    public ConvertFolder {
        partitionColumns = List.copyOf(partitionColumns);
        Objects.requireNonNull(userMetadata);
    }

    /** A folder that is partitioned so, or not at all. */
    public static ConvertFolder partitionedBy(Field... columns) {
        return new ConvertFolder(List.of(columns), true, Optional.empty());
    }

    public ConvertFolder withoutStatistics() {
        return new ConvertFolder(partitionColumns, false, userMetadata);
    }

    public ConvertFolder withUserMetadata(String text) {
        return new ConvertFolder(partitionColumns, statistics, Optional.of(text));
    }

    /** Looks at the files and commits. */
    public ConvertResult run(TableFormat format, TableId id, TableLocation location, Session session, Run run) {
        if (format.recognizes(location)) {
            return ConvertResult.already();
        }
        List<FolderFiles.Found> found = FolderFiles.of(location, format, names());
        found.forEach(this::requireValues);
        Schema stored = session.schema(new Relation.StoredRows(
                found.stream().map(FolderFiles.Found::location).toList()));
        TableSpec spec = new TableSpec(columns(stored), names(), List.of(), Map.of(), Optional.empty());
        LakeTable unborn = format.adopting(id, location, spec, run.context())
                .orElseThrow(() -> new LakeException(
                        ErrorCode.FEATURE_UNSUPPORTED,
                        "the format can't make a table of files that are there",
                        Map.of("format", format.name(), "table", id)));
        try {
            return Attempts.run(unborn, NAME, run, attempt -> attempt(attempt, found, session, run));
        } catch (LakeException e) {
            // Another writer made it meanwhile.
            if (e.code() == ErrorCode.TABLE_ALREADY_EXISTS) {
                return ConvertResult.already();
            }
            throw e;
        }
    }

    private ConvertResult attempt(Attempts.Attempt attempt, List<FolderFiles.Found> found, Session session, Run run) {
        List<FileChange> changes = new ArrayList<>();
        MeasuredFiles measured = new MeasuredFiles(attempt.base(), session, run);
        for (FolderFiles.Found file : found) {
            DataFile plain = file.dataFile(Optional.empty());
            Optional<FileStatistics> known = statistics ? Optional.of(measured.of(plain)) : Optional.empty();
            changes.add(new FileChange.Add(file.dataFile(known), true));
        }
        CommitSpec spec = CommitSpec.of(operation(found.size()), new Reads.WholeTable(), changes)
                .withIsolation(Isolation.SERIALIZABLE);
        if (userMetadata.isPresent()) {
            spec = spec.withUserMetadata(userMetadata.get());
        }
        long version = ((CommitResult.Committed) attempt.commit(spec)).version();
        return new ConvertResult(
                true,
                version,
                found.size(),
                found.stream().mapToLong(FolderFiles.Found::fileBytes).sum());
    }

    private void requireValues(FolderFiles.Found file) {
        for (Field column : partitionColumns) {
            String text = file.partition().get(column.name());
            boolean fits = text == null
                    || column.type() == DataType.Primitive.BINARY
                    || Pruning.partitionLiteral(column, text).isPresent();
            if (!fits) {
                throw new LakeException(
                        ErrorCode.SCHEMA_MISMATCH,
                        "the name of a partition's folder is no value of the column's type",
                        Map.of("path", file.path(), "column", column.name(), "type", column.type(), "value", text));
            }
        }
    }

    private List<String> names() {
        return partitionColumns.stream().map(Field::name).toList();
    }

    /** A column that files have too keeps its place, and is what the folders say. */
    private Schema columns(Schema stored) {
        Schema partitions = new Schema(partitionColumns);
        List<Field> columns = new ArrayList<>();
        stored.fields()
                .forEach(field -> columns.add(partitions.find(field.name()).orElse(field)));
        for (Field partition : partitionColumns) {
            if (stored.find(partition.name()).isEmpty()) {
                columns.add(partition);
            }
        }
        return new Schema(columns);
    }

    private Operation operation(int files) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("numFiles", Integer.toString(files));
        parameters.put("partitionedBy", Json.write(names()));
        parameters.put("collectStats", Boolean.toString(statistics));
        parameters.put("sourceFormat", "parquet");
        return new Operation(NAME, parameters, Map.of("numConvertedFiles", Integer.toString(files)));
    }
}
