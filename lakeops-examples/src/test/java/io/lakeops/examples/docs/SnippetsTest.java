package io.lakeops.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java on a page of documentation stands in a file that is compiled, and links between pages lead somewhere. */
class SnippetsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");
    private static final Pattern MARKER = Pattern.compile("<!-- from: (\\S+) -->");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @Test
    void java_on_a_page_stands_in_the_file_that_its_marker_names() throws IOException {
        List<String> problems = new ArrayList<>();
        int blocks = 0;
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).strip().startsWith("```java")) {
                    blocks++;
                    problem(lines, i).ifPresent(p -> problems.add(ROOT.relativize(page) + ": " + p));
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(blocks).as("java blocks on all pages").isPositive();
    }

    @Test
    void links_to_files_lead_somewhere() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String target = link.group(1).replaceAll("#.*", "");
                if (!target.isEmpty() && !target.contains(":") && !Files.exists(page.resolveSibling(target))) {
                    problems.add(ROOT.relativize(page) + ": " + link.group(1));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private static Optional<String> problem(List<String> page, int opening) throws IOException {
        String where = "line " + (opening + 1);
        Matcher marker =
                MARKER.matcher(opening == 0 ? "" : page.get(opening - 1).strip());
        if (!marker.matches()) {
            return Optional.of(where + " has no marker of where it is from");
        }
        List<String> snippet = page.subList(opening + 1, page.size()).stream()
                .takeWhile(l -> !l.strip().equals("```"))
                .map(String::strip)
                .toList();
        Path source = ROOT.resolve(marker.group(1));
        if (!Files.isRegularFile(source)) {
            return Optional.of(where + " is from a file that is not there: " + marker.group(1));
        }
        List<String> code =
                Files.readAllLines(source).stream().map(String::strip).toList();
        if (snippet.isEmpty() || Collections.indexOfSubList(code, snippet) < 0) {
            return Optional.of(where + " does not stand so in " + marker.group(1));
        }
        return Optional.empty();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        pages.add(ROOT.resolve("README.md"));
        return pages;
    }
}
