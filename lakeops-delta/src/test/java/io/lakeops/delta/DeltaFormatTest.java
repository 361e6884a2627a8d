package io.lakeops.delta;

import io.lakeops.table.TableFormat;
import io.lakeops.testkit.TableFormatContract;

class DeltaFormatTest implements TableFormatContract {
    @Override
    public TableFormat format() {
        return new DeltaFormat();
    }
}
