package io.lakeops.examples.generate;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.retail.RetailSource;
import io.lakeops.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json} beside the data: what was asked for, the files, and how often each fault was planted.
 *
 * <p>Shape: {@code complete} false while a run writes; so data that a killed run left can be told from whole data.
 */
final class Manifest {
    static final String NAME = "manifest.json";
    private final Path file;
    private final Run run;

    Manifest(Path folder, Run run) {
        this.file = folder.resolve(NAME);
        this.run = run;
    }

    /** Claims the folder for the run. INVALID_ARGUMENT where it holds anything but the same run's data. */
    void begin(Path folder) {
        try {
            if (Files.exists(file)) {
                Map<String, @Nullable Object> other = Json.parseObject(Files.readString(file));
                if (!Json.write(arguments()).equals(Json.write(other.get("arguments")))) {
                    throw new LakeException(
                            ErrorCode.INVALID_ARGUMENT,
                            "the folder holds data that was made with other arguments",
                            Map.of("out", folder, "arguments", String.valueOf(Json.write(other.get("arguments")))));
                }
            } else if (Files.isDirectory(folder)) {
                try (var entries = Files.list(folder)) {
                    if (entries.findAny().isPresent()) {
                        throw new LakeException(
                                ErrorCode.INVALID_ARGUMENT,
                                "the folder is not empty and holds no generated data",
                                Map.of("out", folder));
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(false, List.of());
    }

    /** Counts what was delivered. */
    void complete(Delivery delivery) {
        write(true, sources(delivery));
    }

    private void write(boolean complete, List<Map<String, Object>> sources) {
        String text = "{\"arguments\":" + Json.write(arguments()) + ",\"complete\":" + complete + ",\"sources\":["
                + sources.stream().map(s -> "\n" + Json.write(s)).collect(Collectors.joining(",")) + "]}\n";
        Path aside = file.resolveSibling("." + NAME);
        try {
            Files.write(aside, text.getBytes(StandardCharsets.UTF_8));
            Files.setLastModifiedTime(aside, FileTime.from(Run.arrival(run.lastDay())));
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("seed", run.seed());
        arguments.put("start_date", run.start().toString());
        arguments.put("days", (long) run.days());
        arguments.put("scale", run.sizes().factor().toPlainString());
        arguments.put("late", (long) run.late());
        arguments.put(
                "avro",
                run.avro().stream().sorted().map(RetailSource::sourceName).collect(Collectors.toUnmodifiableList()));
        return arguments;
    }

    private static List<Map<String, Object>> sources(Delivery delivery) {
        List<Map<String, Object>> sources = new ArrayList<>();
        for (RetailSource source : RetailSource.values()) {
            List<Delivery.RawFile> files = delivery.files().stream()
                    .filter(f -> f.source() == source)
                    .collect(Collectors.toUnmodifiableList());
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("source", source.sourceName());
            one.put("rows", files.stream().mapToLong(Delivery.RawFile::rows).sum());
            one.put(
                    "expected_rejects",
                    files.stream().mapToLong(Delivery.RawFile::rejects).sum());
            one.put("anomalies", anomalies(source, delivery));
            one.put("files", files.stream().map(Manifest::file).collect(Collectors.toUnmodifiableList()));
            sources.add(one);
        }
        return sources;
    }

    private static List<Map<String, Object>> anomalies(RetailSource source, Delivery delivery) {
        List<Map<String, Object>> anomalies = new ArrayList<>();
        for (Anomaly anomaly : Anomaly.values()) {
            if (anomaly.source() == source) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", anomaly.name().toLowerCase(Locale.ROOT));
                one.put("count", delivery.planted(anomaly));
                one.put("fate", anomaly.fate().name().toLowerCase(Locale.ROOT));
                anomalies.add(one);
            }
        }
        return anomalies;
    }

    private static Map<String, Object> file(Delivery.RawFile file) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("path", file.path());
        one.put("rows", file.rows());
        one.put("expected_rejects", file.rejects());
        one.put("bytes", file.bytes());
        one.put("arrival", file.arrival().toString());
        one.put("late", file.late());
        return one;
    }
}
