package io.lakeops.change;

import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.CommitConflictException;
import io.lakeops.error.StorageErrors;
import io.lakeops.table.CommitSpec;
import io.lakeops.table.DataFile;
import io.lakeops.table.Schema;
import io.lakeops.table.Sequence;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableChange;
import io.lakeops.table.TableRules;
import io.lakeops.table.TargetFileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What the changes of this package share: sums over files, and a commit's trimmings. */
final class Rewriting {
    private Rewriting() {}

    static boolean reached(Snapshot base, Sequence once) {
        OptionalLong reached = base.coordination().sequence(once.application());
        return reached.isPresent() && reached.getAsLong() >= once.number();
    }

    static long targetFileBytes(Snapshot base) {
        return TargetFileSize.of(base);
    }

    /** The written files that hold a row; an empty one is not worth a place in the log and is deleted. */
    static List<DataFile> keepWithRows(List<WrittenFile> written) {
        List<DataFile> kept = new ArrayList<>();
        for (WrittenFile file : written) {
            if (file.statistics().rowCount() > 0) {
                kept.add(file.dataFile());
                continue;
            }
            try {
                Files.deleteIfExists(file.location());
            } catch (IOException e) {
                throw StorageErrors.of("can't delete an empty data file", file.location(), e);
            }
        }
        return kept;
    }

    static long rows(List<WrittenFile> written) {
        return written.stream().mapToLong(f -> f.statistics().rowCount()).sum();
    }

    static long bytes(Collection<DataFile> files) {
        return files.stream().mapToLong(DataFile::fileBytes).sum();
    }

    /** A statement that read the table itself must be planned on the version that it read. */
    static void requireReadAt(Snapshot base, OptionalLong readAt) {
        if (readAt.isPresent() && readAt.getAsLong() != base.version()) {
            throw new CommitConflictException(
                    new CommitConflictException.Winner(
                            readAt.getAsLong() + 1, "unknown", "the source read the table itself before it"),
                    Map.of("table", base.table(), "version", base.version()));
        }
    }

    /** How many rows the engine finds. */
    static long count(Session session, Relation relation, Run run) {
        Rows rows = session.measure(
                new MeasureRequest(relation, List.of(new MeasureRequest.Aggregate("n", Expr.of("count(*)")))),
                run.cancellation());
        return ((Number) Objects.requireNonNull(rows.value(0, "n"))).longValue();
    }

    static CommitSpec complete(
            CommitSpec spec,
            Snapshot base,
            Optional<Schema> grown,
            Optional<Sequence> once,
            Optional<String> userMetadata) {
        // Whatever brings rows here made its write requests by WriteRequest.into, which holds them to the base's rules.
        CommitSpec result = spec.withRules(TableRules.of(base));
        if (grown.isPresent()) {
            result = result.withTable(TableChange.ofColumns(base, grown.get()));
        }
        if (once.isPresent()) {
            result = result.withOnce(once.get());
        }
        return userMetadata.isPresent() ? result.withUserMetadata(userMetadata.get()) : result;
    }
}
