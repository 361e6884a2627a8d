package io.lakeops.duckdb.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lakeops.duckdb.interop.JudgeProcess.Answer;
import io.lakeops.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Apache Spark with Delta, in a JVM of its own with the class path that src/test/judge resolved. */
final class SparkJudge implements AutoCloseable {
    /** What Spark's own launcher gives a JVM from 17 on. */
    private static final List<String> OPENED = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");

    private static final String AS_WRITTEN = "map('ignoreNullFields', 'false', 'timestampFormat',"
            + " \"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX\", 'timestampNTZFormat', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\")";

    private final JudgeProcess process;

    private SparkJudge(JudgeProcess process) {
        this.process = process;
    }

    static SparkJudge start(Path folder) throws IOException {
        Path module = Path.of(System.getProperty("lakeops.judge", "none"));
        Path resolved = module.resolve("judge.classpath");
        assumeTrue(
                Files.exists(resolved),
                "Spark's class path was not resolved; run: mvn -B -Pinterop -pl lakeops-duckdb -am verify");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.timezone=UTC",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-modules=jdk.incubator.vector",
                "-Djdk.reflect.useDirectMethodHandle=false",
                "-Dio.netty.tryReflectionSetAccessible=true"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of(
                "-cp",
                module.resolve("classes")
                        + File.pathSeparator
                        + Files.readString(resolved).strip(),
                "io.lakeops.judge.SparkJudge",
                folder.toString()));
        return new SparkJudge(new JudgeProcess(command, folder.resolve("spark.log")));
    }

    Answer ask(String sql) {
        return process.ask(Map.of("sql", sql));
    }

    List<String> rows(String sql) {
        return ask(sql).rowsOf("Spark, asked " + sql);
    }

    /** The rows of all those versions by one query; a version without rows is not in the map. */
    Map<Long, List<String>> rows(Path table, long from, long to) {
        String sql = LongStream.rangeClosed(from, to)
                .mapToObj(version -> "SELECT " + version + " AS version, to_json(struct(*), " + AS_WRITTEN
                        + ") AS row FROM " + name(table) + " VERSION AS OF " + version)
                .collect(Collectors.joining(" UNION ALL "));
        Map<Long, List<String>> rows = new HashMap<>();
        for (String line : rows(sql)) {
            Map<String, @Nullable Object> row = Json.parseObject(line);
            rows.computeIfAbsent((Long) row.get("version"), version -> new ArrayList<>())
                    .add(String.valueOf(row.get("row")));
        }
        rows.values().forEach(all -> all.sort(null));
        return rows;
    }

    /** Runs statements in which {@code {t}} stands for the table. */
    void run(Path table, List<String> statements) {
        Stream<String> named = statements.stream().map(sql -> sql.replace("{t}", name(table)));
        named.forEach(this::rows);
    }

    static String name(Path table) {
        return "delta.`" + table + "`";
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
