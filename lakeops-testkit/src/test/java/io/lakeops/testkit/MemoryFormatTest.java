package io.lakeops.testkit;

import io.lakeops.table.TableFormat;

/** The in-memory format keeps the contract of every format. */
class MemoryFormatTest implements TableFormatContract {
    private final MemoryFormat format = new MemoryFormat();

    @Override
    public TableFormat format() {
        return format;
    }
}
