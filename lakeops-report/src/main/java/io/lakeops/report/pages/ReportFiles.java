package io.lakeops.report.pages;

import io.lakeops.error.StorageErrors;
import io.lakeops.report.OperationsReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes the pages to a folder. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes {@code operations.md} and {@code operations.html}; each appears whole or not at all.
     *
     * <p>Errors: DISK_FULL, PERMISSION_DENIED, IO_FAILED.
     */
    public static List<Path> write(OperationsReport report, Path folder) {
        return List.of(
                write(folder.resolve("operations.md"), MarkdownPage.of(report)),
                write(folder.resolve("operations.html"), HtmlPage.of(report)));
    }

    private static Path write(Path file, String text) {
        Path fresh = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            return Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StorageErrors.of("the report can't be written", file, e);
        }
    }
}
