package io.lakeops.ingest;

import io.lakeops.context.Run;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.LoadRequest.RawFormat;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.error.StorageErrors;
import io.lakeops.provider.Providers;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.IdentityColumn;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Turns raw files into data files that nobody committed yet: decoded where the engine can't read them, grouped by what
 * columns they have, and taken apart where one of a group can't be read, so that it alone fails.
 */
final class RawLoad {
    /** What is wrong with the file itself; anything else is wrong with the surroundings and ends the run. */
    private static final Set<ErrorCode> FAULTS_OF_A_FILE = Set.of(
            ErrorCode.SOURCE_COLUMNS,
            ErrorCode.SOURCE_EMPTY,
            ErrorCode.SOURCE_ENCODING,
            ErrorCode.SOURCE_NOT_FOUND,
            ErrorCode.SOURCE_UNREADABLE,
            ErrorCode.DATA_FILE_CORRUPT);

    private final Source source;
    private final Target target;
    private final Providers<SourceDecoder> decoders;
    private final Session session;
    private final Run run;
    private final List<WrittenFile> files = new ArrayList<>();
    private final List<WrittenFile> rejects = new ArrayList<>();
    private final Map<String, Loaded.Count> counts = new LinkedHashMap<>();
    private final Map<String, LakeException> failures = new LinkedHashMap<>();
    private final List<String> restated = new ArrayList<>();
    private Schema table;
    private List<IdentityColumn> numbered;

    /**
     * Where the files go.
     *
     * @param version of the table, which the rest is of
     * @param table the table's columns before
     * @param root the table's folder, or where its changes are staged
     * @param rejectsRoot the folder of the table of rejects
     * @param partitionColumns of the table
     * @param rules of the table
     * @param placed gives new columns their places in the files
     */
    record Target(
            long version,
            Schema table,
            List<String> partitionColumns,
            Path root,
            Path rejectsRoot,
            String batchId,
            long targetFileBytes,
            TableRules rules,
            UnaryOperator<Schema> placed) {}

    RawLoad(Source source, Target target, Providers<SourceDecoder> decoders, Session session, Run run) {
        this.source = source;
        this.target = target;
        this.decoders = decoders;
        this.session = session;
        this.run = run;
        this.table = target.table();
        this.numbered =
                target.rules().identities().stream().filter(this::numbers).toList();
    }

    /** Whether the table numbers the rows. INVALID_ARGUMENT where the source gives what the table alone may give. */
    private boolean numbers(IdentityColumn column) {
        boolean given = source.columns().find(column.column()).isPresent()
                || source.derived().stream().anyMatch(d -> d.field().name().equalsIgnoreCase(column.column()));
        if (given && !column.explicit()) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the source '" + source.name()
                            + "' declares a column that the table numbers and takes no values for",
                    Map.of("column", column.toString()));
        }
        return !given;
    }

    /** The identity columns that the rows did not give, as far as they have counted; none where no row came. */
    List<IdentityColumn> numbered() {
        return rows(files) == 0 ? List.of() : numbered;
    }

    /** The version of the table that the files were written for. */
    long version() {
        return target.version();
    }

    /**
     * Whether the files are what a version of the table takes: they were written for its columns, partitions and rules. Columns
     * that came meanwhile may be absent, or the same as those that the files bring.
     */
    boolean fits(Snapshot base) {
        boolean placed = table.fields().stream()
                .anyMatch(f ->
                        f.fieldId().isPresent() && target.table().find(f.name()).isEmpty());
        if (placed && !base.schema().equals(target.table())) {
            // The id of the new column may be that of another by now.
            return false;
        }
        return TableRules.of(base).equals(target.rules())
                && base.partitionColumns().equals(target.partitionColumns())
                && target.table().fields().stream()
                        .allMatch(f ->
                                base.schema().find(f.name()).filter(f::equals).isPresent())
                && base.schema().fields().stream().allMatch(this::fits);
    }

    private boolean fits(Field field) {
        return table.find(field.name()).map(field::equals).orElse(field.nullable());
    }

    /** What the loaded rows were held to. */
    TableRules rules() {
        return target.rules();
    }

    /** Loads the files; what was written before a failure that ends the run is deleted. */
    RawLoad load(List<PlannedFile> planned) {
        Path staging = stagingFolder();
        try {
            Map<Group, List<LoadRequest.RawFile>> groups = new LinkedHashMap<>();
            for (PlannedFile file : planned) {
                run.cancellation().check();
                try {
                    prepare(file.file(), staging, groups);
                } catch (LakeException e) {
                    fail(file.file().name(), e);
                }
            }
            groups.forEach(this::load);
            for (PlannedFile file : planned) {
                boolean loaded = counts.containsKey(file.file().name());
                if (loaded && file.state() == PlannedFile.State.RESTATED) {
                    restated.add(file.file().name());
                }
            }
            return this;
        } catch (RuntimeException e) {
            discard();
            throw e;
        } finally {
            deleteStaging(staging);
        }
    }

    /** The table's columns with those that the files brought. */
    Schema table() {
        return table;
    }

    List<WrittenFile> files() {
        return files;
    }

    List<WrittenFile> rejects() {
        return rejects;
    }

    /** By the name of the raw file. */
    Map<String, Loaded.Count> counts() {
        return counts;
    }

    /** The files that can't be loaded, by name. */
    Map<String, LakeException> failures() {
        return failures;
    }

    /** The loaded files that had brought rows before. */
    List<String> restated() {
        return restated;
    }

    void discard() {
        Staged.delete(files, run);
        Staged.delete(rejects, run);
    }

    private void prepare(FoundFile file, Path staging, Map<Group, List<LoadRequest.RawFile>> groups) {
        Optional<SourceDecoder> decoder =
                decoders.all().stream().filter(d -> d.reads(file.path())).findFirst();
        Path path = file.path();
        RawFormat format = source.format();
        Optional<List<String>> header = Optional.empty();
        if (decoder.isPresent()) {
            SourceDecoder.Staged staged = decoder.get().decode(path, staging.resolve(counter(groups) + ".parquet"));
            path = staged.parquet();
            format = new RawFormat.Parquet();
            header = Optional.of(staged.schema().names());
        } else if (format instanceof RawFormat.Csv csv) {
            header = Optional.of(Header.read(path, file.name(), csv));
        } else if (file.fileBytes() == 0) {
            throw new LakeException(ErrorCode.SOURCE_EMPTY, "the raw file has no bytes", Map.of("file", file.name()));
        }
        Schema columns = header.isPresent() ? columns(header.get(), file.name()) : source.columns();
        groups.computeIfAbsent(new Group(format, columns), g -> new ArrayList<>())
                .add(new LoadRequest.RawFile(path, file.name()));
    }

    private static long counter(Map<Group, List<LoadRequest.RawFile>> groups) {
        return groups.values().stream().mapToLong(List::size).sum();
    }

    /** The columns of a file in its own order, typed as declared; what is not declared is text. */
    private Schema columns(List<String> header, String file) {
        List<String> unknown =
                header.stream().filter(c -> source.columns().find(c).isEmpty()).toList();
        if (!unknown.isEmpty() && source.newColumns() == NewColumns.FAIL) {
            throw new LakeException(
                    ErrorCode.SOURCE_COLUMNS,
                    "the raw file has columns that source '" + source.name() + "' does not declare",
                    Map.of("file", file, "columns", unknown));
        }
        List<String> absent = source.required().stream()
                .filter(r -> header.stream().noneMatch(r::equalsIgnoreCase))
                .toList();
        if (!absent.isEmpty()) {
            throw new LakeException(
                    ErrorCode.SOURCE_COLUMNS,
                    "the raw file lacks columns that source '" + source.name() + "' requires",
                    Map.of("file", file, "columns", absent, "header", header));
        }
        return new Schema(header.stream()
                .map(c -> source.columns().find(c).orElseGet(() -> Field.of(c.strip(), Primitive.STRING)))
                .collect(Collectors.toList()));
    }

    private void load(Group group, List<LoadRequest.RawFile> raw) {
        run.cancellation().check();
        Schema grown = grown(group.columns());
        try {
            Loaded loaded = session.load(
                    new LoadRequest(
                            raw,
                            group.format(),
                            group.columns(),
                            source.required(),
                            source.derived().stream()
                                    .map(d -> new LoadRequest.Derived(d.field().name(), d.expression()))
                                    .toList(),
                            grown,
                            target.partitionColumns(),
                            source.orderBy(),
                            target.root(),
                            target.rejectsRoot(),
                            target.batchId(),
                            run.context().clock().instant(),
                            target.targetFileBytes(),
                            target.rules().withIdentities(numbered)),
                    run.cancellation());
            files.addAll(loaded.files());
            long good = rows(loaded.files());
            numbered = numbered.stream().map(c -> c.after(good)).toList();
            rejects.addAll(loaded.rejects());
            loaded.counts().forEach(c -> counts.put(c.name(), c));
            table = grown;
            verify(loaded);
        } catch (LakeException e) {
            if (!FAULTS_OF_A_FILE.contains(e.code())) {
                throw e;
            }
            if (raw.size() == 1) {
                failures.put(raw.get(0).name(), e);
                return;
            }
            // The engine reads a group as one; halving it finds the file that is at fault.
            int middle = raw.size() / 2;
            load(group, raw.subList(0, middle));
            load(group, raw.subList(middle, raw.size()));
        }
    }

    private void verify(Loaded loaded) {
        long read = loaded.counts().stream().mapToLong(Loaded.Count::rows).sum();
        long good = loaded.counts().stream().mapToLong(Loaded.Count::loaded).sum();
        long bad = loaded.counts().stream().mapToLong(Loaded.Count::rejected).sum();
        if (read != good + bad || good != rows(loaded.files()) || bad != rows(loaded.rejects())) {
            throw new LakeException(
                    ErrorCode.VERIFICATION_FAILED,
                    "rows were lost or doubled while loading source '" + source.name() + "'",
                    Map.of(
                            "read", read,
                            "loaded", good,
                            "rejected", bad,
                            "written", rows(loaded.files()),
                            "writtenRejects", rows(loaded.rejects())));
        }
    }

    private static long rows(List<WrittenFile> written) {
        return written.stream().mapToLong(f -> f.statistics().rowCount()).sum();
    }

    private Schema grown(Schema columns) {
        Schema grown = table.and(columns);
        return grown.equals(table) ? table : target.placed().apply(grown);
    }

    private void fail(String name, LakeException e) {
        if (!FAULTS_OF_A_FILE.contains(e.code())) {
            throw e;
        }
        failures.put(name, e);
    }

    private static Path stagingFolder() {
        try {
            return Files.createTempDirectory("lakeops-decoded");
        } catch (IOException e) {
            throw StorageErrors.of("can't make a staging folder", Path.of(System.getProperty("java.io.tmpdir")), e);
        }
    }

    private void deleteStaging(Path staging) {
        try (var children = Files.list(staging)) {
            for (Path child : children.toList()) {
                Files.deleteIfExists(child);
            }
            Files.deleteIfExists(staging);
        } catch (IOException e) {
            run.context()
                    .listener()
                    .on(new io.lakeops.context.LakeEvent.Warning(
                            staging.toString(), "a staging folder could not be deleted: " + e.getMessage()));
        }
    }

    /** Files that the engine reads as one. */
    private record Group(RawFormat format, Schema columns) {
        @Override
        public String toString() {
            return String.join(",", columns.names()).toLowerCase(Locale.ROOT);
        }
    }
}
