package io.lakeops.delta.internal.log;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One commit of the log: its lines, each an action, parsed when they are asked for.
 *
 * <p>Errors: LOG_CORRUPT naming file and line.
 *
 * <p>Threads: immutable and safe.
 */
public final class CommitFile {
    private static final String COMMIT_INFO = "{\"commitInfo\"";

    private final Path file;
    private final List<String> lines;

    private CommitFile(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Reads the file whole; empty where there is none. A file that ends in the middle of a line is corrupt. */
    public static Optional<CommitFile> readIfPresent(Path file) {
        List<String> lines;
        try {
            lines = LogLines.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw LogErrors.io("a commit of the log can't be read", file, e);
        }
        if (lines.isEmpty()) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT, "a commit of the log is empty", Map.of("file", file.toString()));
        }
        CommitFile commit = new CommitFile(file, lines);
        // A torn write shows in the last line.
        commit.action(lines.size() - 1);
        return Optional.of(commit);
    }

    /** The commit's own time, where it carries one: such a commit begins with its commitInfo. Reads one line. */
    public static OptionalLong inCommitTimestamp(Path file) {
        return firstInfo(file)
                .map(info -> info.optionalNumber("inCommitTimestamp"))
                .orElse(OptionalLong.empty());
    }

    /** What the commit says of itself, where it begins with that. Reads one line. */
    public static Optional<JsonObject> firstInfo(Path file) {
        Optional<String> line;
        try {
            line = LogLines.first(file);
        } catch (IOException e) {
            throw LogErrors.io("a commit of the log can't be read", file, e);
        }
        if (line.isEmpty() || !line.get().startsWith(COMMIT_INFO)) {
            return Optional.empty();
        }
        return JsonObject.parse(line.get(), file + " line 1").object("commitInfo");
    }

    /** The actions of one kind. */
    public List<JsonObject> actions(String kind) {
        List<JsonObject> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains("\"" + kind + "\"")) {
                action(i).object(kind).ifPresent(found::add);
            }
        }
        return found;
    }

    /** What the commit says of itself, where it does. */
    public Optional<JsonObject> commitInfo() {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(COMMIT_INFO)) {
                return action(i).object("commitInfo");
            }
        }
        return actions("commitInfo").stream().findFirst();
    }

    /** All actions, each an object with one field that names its kind. */
    public List<JsonObject> actions() {
        List<JsonObject> actions = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            actions.add(action(i));
        }
        return actions;
    }

    private JsonObject action(int line) {
        return JsonObject.parse(lines.get(line), file + " line " + (line + 1));
    }
}
