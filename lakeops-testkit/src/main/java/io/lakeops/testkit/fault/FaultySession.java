package io.lakeops.testkit.fault;

import io.lakeops.context.Cancellation;
import io.lakeops.engine.FileHits;
import io.lakeops.engine.FoundRows;
import io.lakeops.engine.LoadRequest;
import io.lakeops.engine.Loaded;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.MergeRequest;
import io.lakeops.engine.Merged;
import io.lakeops.engine.MultisetHash;
import io.lakeops.engine.Relation;
import io.lakeops.engine.RowMatch;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WriteRequest;
import io.lakeops.engine.WrittenFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** An engine whose writes are steps of a {@link FaultyDisk}. It does not close the engine that it stands before. */
public final class FaultySession implements Session {
    private final FaultyDisk disk;
    private final Session engine;

    public FaultySession(FaultyDisk disk, Session engine) {
        this.disk = disk;
        this.engine = engine;
    }

    @Override
    public List<WrittenFile> write(WriteRequest request, Cancellation cancellation) {
        return step(
                "engine's write",
                () -> engine.write(request, cancellation),
                files -> files.stream().map(WrittenFile::location).toList());
    }

    @Override
    public Merged merge(MergeRequest request, Cancellation cancellation) {
        return step(
                "engine's merge",
                () -> engine.merge(request, cancellation),
                merged -> Stream.concat(merged.files().stream(), merged.changes().stream())
                        .map(WrittenFile::location)
                        .toList());
    }

    @Override
    public Loaded load(LoadRequest request, Cancellation cancellation) {
        return step(
                "engine's load",
                () -> engine.load(request, cancellation),
                loaded -> Stream.concat(loaded.files().stream(), loaded.rejects().stream())
                        .map(WrittenFile::location)
                        .toList());
    }

    private <T> T step(String what, Supplier<T> work, Function<T, List<Path>> files) {
        try {
            boolean torn = disk.step(what, true);
            T done = work.get();
            disk.wrote(files.apply(done));
            if (torn) {
                for (Path file : files.apply(done)) {
                    tear(Path.of(file.toString()));
                }
                disk.die(what);
            }
            return done;
        } catch (IOException e) {
            throw new LakeException(ErrorCode.DISK_FULL, what + " finds no space", e);
        }
    }

    /** Leaves the first half of a file. */
    static void tear(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void find(
            Relation.TableRows rows, io.lakeops.engine.Expr condition, FoundRows found, Cancellation cancellation) {
        disk.requireAlive("find");
        engine.find(rows, condition, found, cancellation);
    }

    @Override
    public List<FileHits> locate(Relation.TableRows rows, RowMatch match, Cancellation cancellation) {
        disk.requireAlive("locate");
        return engine.locate(rows, match, cancellation);
    }

    @Override
    public Rows measure(MeasureRequest request, Cancellation cancellation) {
        disk.requireAlive("measure");
        return engine.measure(request, cancellation);
    }

    @Override
    public Rows rows(Relation relation, long limit, Cancellation cancellation) {
        disk.requireAlive("rows");
        return engine.rows(relation, limit, cancellation);
    }

    @Override
    public Schema schema(Relation relation) {
        disk.requireAlive("schema");
        return engine.schema(relation);
    }

    @Override
    public MultisetHash multisetHash(Relation relation, Cancellation cancellation) {
        disk.requireAlive("hash");
        return engine.multisetHash(relation, cancellation);
    }

    @Override
    public void close() {
        disk.requireAlive("close");
    }
}
