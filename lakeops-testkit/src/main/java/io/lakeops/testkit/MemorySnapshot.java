package io.lakeops.testkit;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataFile;
import io.lakeops.table.DeletedRows;
import io.lakeops.table.DeletionVector;
import io.lakeops.table.DeletionVectorWriter;
import io.lakeops.table.Predicate;
import io.lakeops.table.Pruning;
import io.lakeops.table.Schema;
import io.lakeops.table.Snapshot;
import io.lakeops.table.TableDetail;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableScan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One version of an in-memory table. */
record MemorySnapshot(TableId table, TableLocation location, MemoryLog.Version state, Instant createdAt)
        implements Snapshot {
    @Override
    public long version() {
        return state.commit().entry().version();
    }

    @Override
    public Instant timestamp() {
        return state.commit().entry().timestamp();
    }

    @Override
    public Schema schema() {
        return state.definition().schema();
    }

    @Override
    public List<String> partitionColumns() {
        return state.definition().partitionColumns();
    }

    @Override
    public TableDetail detail() {
        return new TableDetail(
                "memory",
                location.toString(),
                Optional.empty(),
                state.definition().description(),
                Optional.of(createdAt),
                state.clusteringColumns(),
                state.definition().properties(),
                1,
                2,
                List.of());
    }

    @Override
    public TableScan scan() {
        List<DataFile> files = state.files().values().stream()
                .sorted(java.util.Comparator.comparing(DataFile::path))
                .toList();
        return new Scan(files, List.of(), Predicate.always(), new Pruning(schema(), partitionColumns()));
    }

    @Override
    public Coordination coordination() {
        return new Coordination() {
            @Override
            public OptionalLong sequence(String application) {
                Long reached = state.sequences().get(application);
                return reached == null ? OptionalLong.empty() : OptionalLong.of(reached);
            }

            @Override
            public Map<String, String> domains() {
                return state.domains();
            }

            @Override
            public boolean changeData() {
                return isOn("delta.enableChangeDataFeed");
            }

            @Override
            public Optional<DeletionVectorWriter> deletionVectors() {
                return isOn("delta.enableDeletionVectors") ? Optional.of(new MemoryVectors()) : Optional.empty();
            }
        };
    }

    private boolean isOn(String property) {
        return Boolean.parseBoolean(state.definition().properties().get(property));
    }

    @Override
    public DeletedRows deletedRows(DataFile file) {
        if (file.deletionVector().isEmpty()) {
            return DeletedRows.of(new long[0]);
        }
        String text = file.deletionVector().get().pathOrInline();
        if (!text.matches("[0-9]+(,[0-9]+)*")) {
            throw new LakeException(
                    ErrorCode.DELETION_VECTOR_CORRUPT,
                    "the deletion vector can't be read",
                    Map.of("path", file.path(), "vector", text));
        }
        String[] positions = text.split(",", -1);
        long[] words = new long[(int) (Long.parseLong(positions[positions.length - 1]) >> 6) + 1];
        for (String position : positions) {
            long p = Long.parseLong(position);
            words[(int) (p >> 6)] |= 1L << (p & 63);
        }
        return DeletedRows.of(words);
    }

    /** Vectors of this format stand in the log alone. */
    private record MemoryVectors() implements DeletionVectorWriter {
        @Override
        public DeletionVector write(DeletedRows rows) {
            return MemoryFormat.vector(
                    BitSet.valueOf(rows.toWords()).stream().asLongStream().toArray());
        }

        @Override
        public List<Path> finish() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** Files and pruned files under a predicate. */
    private record Scan(List<DataFile> files, List<PrunedFile> pruned, Predicate predicate, Pruning pruning)
            implements TableScan {
        @Override
        public TableScan where(Predicate more) {
            List<DataFile> kept = new ArrayList<>();
            List<PrunedFile> gone = new ArrayList<>(pruned);
            for (DataFile file : files) {
                Pruning.Reason reason = pruning.decide(more, file);
                if (reason == Pruning.Reason.NONE) {
                    kept.add(file);
                } else {
                    gone.add(new PrunedFile(file, reason));
                }
            }
            return new Scan(List.copyOf(kept), List.copyOf(gone), predicate.and(more), pruning);
        }

        @Override
        public Path locate(DataFile file) {
            return file.location();
        }
    }
}
