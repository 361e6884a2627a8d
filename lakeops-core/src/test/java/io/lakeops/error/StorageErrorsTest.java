package io.lakeops.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageErrorsTest {
    @TempDir
    private Path folder;

    @Test
    void the_reason_is_said_in_words_where_java_gives_the_path_alone() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        says(() -> Files.readString(folder.resolve("missing")), ErrorCode.IO_FAILED, "there is no such file or folder");
        says(() -> Files.createFile(file), ErrorCode.IO_FAILED, "something stands there already");
        says(() -> Files.newDirectoryStream(file), ErrorCode.IO_FAILED, "it is no folder");
        says(() -> Files.delete(folder), ErrorCode.IO_FAILED, "the folder is not empty");
    }

    @Test
    void a_reason_of_the_disk_is_passed_on() {
        says(
                () -> {
                    throw new FileSystemException("f", null, "No space left on device");
                },
                ErrorCode.DISK_FULL,
                "No space left on device");
        says(
                () -> {
                    throw new FileSystemException("f", null, "Read-only file system");
                },
                ErrorCode.PERMISSION_DENIED,
                "Read-only file system");
    }

    @Test
    void an_interrupted_thread_is_a_cancelled_operation() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Thread.currentThread().interrupt();
            says(() -> channel.force(true), ErrorCode.CANCELLED, "the thread was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void a_cause_is_told_with_the_file_that_it_names() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Files.readString(missing))
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(StorageErrors.told(e))
                                .isEqualTo("there is no such file or folder: " + missing));
        assertThat(StorageErrors.told(new FileSystemException("f", null, "No space left on device")))
                .isEqualTo("f: No space left on device");
        assertThat(StorageErrors.told(new IOException("broken pipe"))).isEqualTo("broken pipe");
    }

    private void says(ThrowingCallable work, ErrorCode code, String reason) {
        assertThatThrownBy(work).isInstanceOfSatisfying(IOException.class, e -> {
            LakeException said = StorageErrors.of("it failed", folder, e);
            assertThat(said.code()).isEqualTo(code);
            assertThat(said.getMessage()).contains("reason=" + reason);
        });
    }
}
