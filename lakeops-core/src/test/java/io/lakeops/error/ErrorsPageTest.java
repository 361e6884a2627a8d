package io.lakeops.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps docs/reference/errors.md equal to the list of codes; run with -Dlakeops.update=true to write it anew. */
class ErrorsPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");

    @Test
    void the_page_lists_every_code_as_it_is() throws IOException {
        Path page = ROOT.resolve("docs/reference/errors.md");
        if (Boolean.getBoolean("lakeops.update")) {
            Files.writeString(page, page());
        }
        assertThat(Files.readString(page)).isEqualTo(page());
    }

    @Test
    void every_corruption_code_has_a_runbook() {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.kind() == ErrorKind.CORRUPTION) {
                String name = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
                assertThat(code.fix()).contains("docs/runbooks/" + name + ".md");
                assertThat(ROOT.resolve("docs/runbooks/" + name + ".md")).isNotEmptyFile();
            }
        }
    }

    @Test
    void every_page_that_a_way_out_names_is_there() {
        for (ErrorCode code : ErrorCode.values()) {
            Pattern.compile("docs/[a-z/-]+\\.md")
                    .matcher(code.fix())
                    .results()
                    .forEach(m ->
                            assertThat(ROOT.resolve(m.group())).as(code.name()).isNotEmptyFile());
        }
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # Error codes

                Written by `ErrorsPageTest` from `io.lakeops.error.ErrorCode`. A code never changes its meaning. A message reads
                `CODE: problem {context} Fix: the way out.`; *retry* says whether the same request may be sent again.

                | code | kind | retry | the usual way out |
                |---|---|---|---|
                """);
        for (ErrorCode code : ErrorCode.values()) {
            out.append("| `%s` | %s | %s | %s |%n".formatted(code, code.kind(), code.retry(), code.fix()));
        }
        return out.toString().replace(System.lineSeparator(), "\n");
    }
}
