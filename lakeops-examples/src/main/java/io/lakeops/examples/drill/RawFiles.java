package io.lakeops.examples.drill;

import io.lakeops.error.StorageErrors;
import io.lakeops.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the generator's manifest says of a raw folder. */
final class RawFiles {
    private final List<Source> sources;

    private RawFiles(List<Source> sources) {
        this.sources = sources;
    }

    /**
     * A source.
     *
     * @param rejects how many of its rows can't be loaded
     */
    record Source(String name, long rows, long rejects, List<Delivered> files) {}

    /** A file. */
    record Delivered(String path, long rows, Instant arrival, boolean late) {}

    static RawFiles read(Path folder) {
        Path manifest = folder.resolve("manifest.json");
        try {
            Map<?, ?> json = Json.parseObject(Files.readString(manifest));
            return new RawFiles(((List<?>) Objects.requireNonNull(json.get("sources")))
                    .stream().map(s -> source((Map<?, ?>) s)).toList());
        } catch (IOException e) {
            throw StorageErrors.of("can't read the manifest", manifest, e);
        }
    }

    List<Source> sources() {
        return sources;
    }

    /** The first moment at which everything has arrived. */
    Instant whole() {
        return sources.stream()
                .flatMap(s -> s.files().stream())
                .map(Delivered::arrival)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** The files that come late. */
    List<Delivered> late() {
        return sources.stream()
                .flatMap(s -> s.files().stream())
                .filter(Delivered::late)
                .toList();
    }

    /** Rows by source, of both folders together. */
    static Map<String, Long> rows(RawFiles... folders) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (RawFiles folder : folders) {
            folder.sources().forEach(s -> rows.merge(s.name(), s.rows(), Long::sum));
        }
        return rows;
    }

    private static Source source(Map<?, ?> json) {
        return new Source(
                (String) Objects.requireNonNull(json.get("source")),
                number(json.get("rows")),
                number(json.get("expected_rejects")),
                ((List<?>) Objects.requireNonNull(json.get("files")))
                        .stream().map(f -> file((Map<?, ?>) f)).toList());
    }

    private static Delivered file(Map<?, ?> json) {
        return new Delivered(
                (String) Objects.requireNonNull(json.get("path")),
                number(json.get("rows")),
                Instant.parse((String) Objects.requireNonNull(json.get("arrival"))),
                Boolean.TRUE.equals(json.get("late")));
    }

    private static long number(@org.jspecify.annotations.Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).longValue();
    }
}
