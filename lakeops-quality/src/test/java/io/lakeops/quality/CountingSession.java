package io.lakeops.quality;

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
import io.lakeops.table.Schema;
import java.util.ArrayList;
import java.util.List;

/** A session that remembers what it was asked to measure. */
final class CountingSession implements Session {
    private final Session inner;
    final List<MeasureRequest> measured = new ArrayList<>();

    CountingSession(Session inner) {
        this.inner = inner;
    }

    Session inner() {
        return inner;
    }

    void reset() {
        measured.clear();
    }

    @Override
    public List<WrittenFile> write(WriteRequest request, Cancellation cancellation) {
        return inner.write(request, cancellation);
    }

    @Override
    public Merged merge(MergeRequest request, Cancellation cancellation) {
        return inner.merge(request, cancellation);
    }

    @Override
    public Loaded load(LoadRequest request, Cancellation cancellation) {
        return inner.load(request, cancellation);
    }

    @Override
    public void find(
            Relation.TableRows rows, io.lakeops.engine.Expr condition, FoundRows found, Cancellation cancellation) {
        inner.find(rows, condition, found, cancellation);
    }

    @Override
    public List<FileHits> locate(Relation.TableRows rows, RowMatch match, Cancellation cancellation) {
        return inner.locate(rows, match, cancellation);
    }

    @Override
    public Rows measure(MeasureRequest request, Cancellation cancellation) {
        measured.add(request);
        return inner.measure(request, cancellation);
    }

    @Override
    public Rows rows(Relation relation, long limit, Cancellation cancellation) {
        return inner.rows(relation, limit, cancellation);
    }

    @Override
    public Schema schema(Relation relation) {
        return inner.schema(relation);
    }

    @Override
    public MultisetHash multisetHash(Relation relation, Cancellation cancellation) {
        return inner.multisetHash(relation, cancellation);
    }

    @Override
    public void close() {
        inner.close();
    }
}
