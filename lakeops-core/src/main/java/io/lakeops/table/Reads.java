package io.lakeops.table;

import java.util.List;

/** What a commit's plan looked at: what a concurrent winner must not have changed. */
public sealed interface Reads {
    /** Nothing: a blind append. */
    record Nothing() implements Reads {}

    /** The rows that match a predicate, and these files of them. */
    record Matching(Predicate predicate, List<DataFile> files) implements Reads {
        public Matching {
            files = List.copyOf(files);
        }
    }

    /** The whole table. */
    record WholeTable() implements Reads {}
}
