package io.lakeops.examples.drill;

import java.util.List;

/** Runs a sub-command of {@code ./lakeops} within this process. */
@FunctionalInterface
public interface Commands {
    /** What a command did. */
    record Ran(int exitCode, List<String> output, List<String> errors) {
        public Ran {
            output = List.copyOf(output);
            errors = List.copyOf(errors);
        }
    }

    /** Runs it to its end; what it says of its progress is passed on while it runs. */
    Ran run(String... arguments);
}
