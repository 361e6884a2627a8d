package io.lakeops.duckdb.interop;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Something that LakeOps writes, as the steps that write it, and what is known of the judges beforehand.
 *
 * @param name as docs/delta-features.md or docs/reference/sql.md has it
 * @param steps each makes at least one version
 * @param deltaRsLacks where delta-rs refuses the table: what its message says
 * @param onlyAppends whether the table takes no change of rows
 */
record JudgedFeature(String name, List<Consumer<Workbench>> steps, Optional<String> deltaRsLacks, boolean onlyAppends) {
    /** A feature written by statements in which {@code {t}} stands for the table. */
    static JudgedFeature sql(String name, String... statements) {
        return of(name, bench -> bench.sql(statements));
    }

    static JudgedFeature of(String name, Consumer<Workbench> steps) {
        return new JudgedFeature(name, List.of(steps), Optional.empty(), false);
    }

    JudgedFeature then(Consumer<Workbench> step) {
        List<Consumer<Workbench>> more = new java.util.ArrayList<>(steps);
        more.add(step);
        return new JudgedFeature(name, more, deltaRsLacks, onlyAppends);
    }

    JudgedFeature deltaRsLacks(String message) {
        return new JudgedFeature(name, steps, Optional.of(message), onlyAppends);
    }

    JudgedFeature takesOnlyAppends() {
        return new JudgedFeature(name, steps, deltaRsLacks, true);
    }

    void write(Workbench bench) {
        steps.forEach(step -> step.accept(bench));
    }

    @Override
    public String toString() {
        return name;
    }
}
