package io.lakeops.table;

import java.util.List;

/** Whether a version can come back. */
public sealed interface Restorability {
    /** All its files stand. */
    record Whole() implements Restorability {}

    /** Some files that it needs are gone. */
    record Partial(List<String> missing) implements Restorability {
        public Partial {
            missing = List.copyOf(missing);
        }
    }

    /** Its log is gone, or it never was. */
    record Gone(String why) implements Restorability {}
}
