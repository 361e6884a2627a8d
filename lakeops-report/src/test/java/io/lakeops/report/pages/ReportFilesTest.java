package io.lakeops.report.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import io.lakeops.report.ReportJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
    @TempDir
    Path folder;

    @Test
    void both_pages_are_written_and_replace_older_ones() throws Exception {
        ReportFiles.write(SampleReport.hostile("older"), folder);
        List<Path> pages = ReportFiles.write(SampleReport.report(), folder);

        assertThat(pages).containsExactly(folder.resolve("operations.md"), folder.resolve("operations.html"));
        assertThat(Files.readString(pages.get(0))).isEqualTo(MarkdownPage.of(SampleReport.report()));
        assertThat(Files.readString(pages.get(1))).isEqualTo(HtmlPage.of(SampleReport.report()));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void a_folder_that_is_a_file_is_a_clear_error() throws Exception {
        Path file = Files.writeString(folder.resolve("taken"), "x");
        assertThatThrownBy(() -> ReportFiles.write(SampleReport.report(), file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the report can't be written");
    }

    @Test
    void the_model_is_json_too() {
        Map<String, ?> json = Json.parseObject(ReportJson.write(SampleReport.report()));
        assertThat(json.get("holds")).isEqualTo(false);
        assertThat((List<?>) json.get("sections")).hasSize(4);
        assertThat(ReportJson.write(SampleReport.report()))
                .contains(
                        "\"kind\":\"before_after\"",
                        "\"kind\":\"statement\"",
                        "\"generated_at\":\"2024-04-05T02:00:00Z\"",
                        "\"rows\":[[1334,\"2024-04-02\"]]");
    }
}
