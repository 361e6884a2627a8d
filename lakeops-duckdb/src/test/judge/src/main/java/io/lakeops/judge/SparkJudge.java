package io.lakeops.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Answers SQL by Apache Spark with Delta until its input ends.
 *
 * <p>Shape: a request is a line {@code {"sql": "…"}}; the answer is a line, {@code {"columns": […], "rows": ["{…}", …]}} with each
 * row as the text that {@code to_json(struct(*))} makes of it, nulls kept, instants in UTC, rows sorted as texts; or
 * {@code {"error": "condition", "message": "…"}}. The argument is a folder of its own.
 *
 * <p>Threads: one.
 */
public final class SparkJudge {
    private static final Map<String, String> AS_WRITTEN = Map.of(
            "ignoreNullFields", "false",
            "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
            "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private static final ObjectMapper JSON = new ObjectMapper();

    private SparkJudge() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // Nothing but answers goes to the one who asks.
        System.setOut(System.err);
        try (SparkSession spark = session(Path.of(arguments[0]));
                BufferedReader requests =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answers.println(JSON.writeValueAsString(Map.of("spark", spark.version())));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(JSON.writeValueAsString(
                        answer(spark, JSON.readTree(line).get("sql").asText())));
            }
        }
    }

    private static ObjectNode answer(SparkSession spark, String sql) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            Dataset<Row> result = spark.sql(sql);
            ArrayNode columns = answer.putArray("columns");
            List.of(result.columns()).forEach(columns::add);
            List<String> rows = result.columns().length == 0
                    ? List.of()
                    : result.select(functions.to_json(functions.struct(functions.col("*")), AS_WRITTEN))
                            .as(Encoders.STRING())
                            .collectAsList();
            ArrayNode texts = answer.putArray("rows");
            rows.stream().sorted().forEach(texts::add);
        } catch (Exception e) {
            answer.removeAll();
            answer.put(
                    "error",
                    e instanceof SparkThrowable known
                            ? known.getCondition()
                            : e.getClass().getName());
            answer.put("message", String.valueOf(e.getMessage()));
        }
        return answer;
    }

    private static SparkSession session(Path folder) {
        return SparkSession.builder()
                .master("local[2]")
                .appName("judge")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", folder.resolve("local").toString())
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                .config("spark.sql.session.timeZone", "UTC")
                // Small tables: what Spark saves by compiling a query it would spend on compiling.
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.databricks.delta.snapshotPartitions", "1")
                .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
                .config("spark.databricks.delta.retentionDurationCheck.enabled", "false")
                .getOrCreate();
    }
}
