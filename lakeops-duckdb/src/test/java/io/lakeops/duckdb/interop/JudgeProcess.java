package io.lakeops.duckdb.interop;

import io.lakeops.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another implementation of Delta in a process of its own, asked by lines of JSON.
 *
 * <p>Threads: one at a time.
 */
final class JudgeProcess implements AutoCloseable {
    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;
    private final Path complaints;
    private final Map<String, @Nullable Object> greeting;

    /** Starts it and reads the line by which it names itself. */
    JudgeProcess(List<String> command, Path complaints) throws IOException {
        this.complaints = complaints;
        this.process =
                new ProcessBuilder(command).redirectError(complaints.toFile()).start();
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.greeting = line();
    }

    Map<String, @Nullable Object> greeting() {
        return greeting;
    }

    Answer ask(Map<String, ?> request) {
        try {
            requests.write(Json.write(request));
            requests.newLine();
            requests.flush();
            return Answer.of(line());
        } catch (IOException e) {
            throw new AssertionError("the judge is gone; what it said: " + said(), e);
        }
    }

    private Map<String, @Nullable Object> line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new AssertionError("the judge is gone; what it said: " + said());
        }
        return Json.parseObject(line);
    }

    private String said() {
        try {
            return Files.readString(complaints);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        requests.close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** What a judge says: rows as the texts of Spark's {@code to_json}, sorted, or an error by its kind. */
    sealed interface Answer {
        record Rows(List<String> rows) implements Answer {}

        record Refused(String kind, String message) implements Answer {}

        static Answer of(Map<String, @Nullable Object> line) {
            if (line.containsKey("error")) {
                return new Refused(String.valueOf(line.get("error")), String.valueOf(line.get("message")));
            }
            return new Rows(((List<?>) Objects.requireNonNull(line.get("rows")))
                    .stream().map(String::valueOf).toList());
        }

        /** The rows; an assertion that fails with the judge's message where there are none. */
        default List<String> rowsOf(String question) {
            if (this instanceof Refused refused) {
                throw new AssertionError(question + ": " + refused.kind() + ": " + refused.message());
            }
            return ((Rows) this).rows();
        }
    }
}
