package io.lakeops.examples.extending;

import com.google.auto.service.AutoService;
import io.lakeops.context.LakeContext;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.LogParquet;
import io.lakeops.table.TableFormat;
import io.lakeops.table.TableId;
import io.lakeops.table.TableLocation;
import io.lakeops.table.TableSpec;
import io.lakeops.testkit.MemoryFormat;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Parquet files beside a journal: {@code _journal/<version>.json}, one file a commit, each the commit as it was asked for.
 *
 * <p>What a commit means is the in-memory format's business: a table is what comes out when its journal is told to that
 * one again. What is left to do is what no two formats share, the log on the disk.
 */
@AutoService(TableFormat.class)
public final class JournalFormat implements TableFormat {
    @Override
    public String name() {
        return "journal";
    }

    @Override
    public boolean recognizes(TableLocation location) {
        return Files.isRegularFile(JournalTable.file(location, 0));
    }

    @Override
    public LakeTable open(TableId id, TableLocation location, Optional<LogParquet> log, LakeContext context) {
        return new JournalTable(id, location, context);
    }

    @Override
    public LakeTable create(
            TableId id, TableLocation location, TableSpec spec, Optional<LogParquet> log, LakeContext context) {
        // The in-memory format judges the definition, so that a wrong one leaves nothing behind.
        LakeTable judged = new MemoryFormat().create(id, location, spec, log, JournalTable.silent(context));
        String text = JournalText.ofTable(JournalTable.newest(judged), spec);
        if (!JournalTable.put(location, 0, text)) {
            throw new LakeException(ErrorCode.TABLE_ALREADY_EXISTS, "a table stands at '" + location + "'");
        }
        return open(id, location, log, context);
    }
}
