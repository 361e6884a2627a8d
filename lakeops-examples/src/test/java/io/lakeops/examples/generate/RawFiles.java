package io.lakeops.examples.generate;

import io.lakeops.context.LakeListener;
import io.lakeops.examples.retail.RetailSource;
import io.lakeops.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a run wrote, looked at without the generator's own code. */
final class RawFiles {
    static final LocalDate APRIL = LocalDate.of(2024, 4, 1);
    private final Path folder;

    RawFiles(Path folder) {
        this.folder = folder;
    }

    static RawFiles make(Path folder, LocalDate start, int days, String scale, int late, Set<RetailSource> avro) {
        new Generator(LakeListener.silent())
                .generate(new Run(43, start, days, new BigDecimal(scale), late, avro), folder);
        return new RawFiles(folder);
    }

    /** Path to SHA-256 and modification time. */
    SortedMap<String, String> fingerprints() throws IOException, NoSuchAlgorithmException {
        SortedMap<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                all.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        HexFormat.of().formatHex(hash) + " " + Files.getLastModifiedTime(file));
            }
        }
        return all;
    }

    /** Of a file that is there. */
    String fingerprint(String name) throws IOException, NoSuchAlgorithmException {
        return Objects.requireNonNull(fingerprints().get(name), name);
    }

    /** What the manifest says of a source. */
    Map<?, ?> source(String name) throws IOException {
        return list(Json.parseObject(Files.readString(folder.resolve("manifest.json"))), "sources").stream()
                .filter(s -> name.equals(s.get("source")))
                .findFirst()
                .orElseThrow();
    }

    long planted(String source, String anomaly) throws IOException {
        return list(source(source), "anomalies").stream()
                .filter(a -> anomaly.equals(a.get("name")))
                .mapToLong(a -> Long.parseLong(String.valueOf(a.get("count"))))
                .findFirst()
                .orElseThrow();
    }

    List<Map<?, ?>> files(String source) throws IOException {
        return list(source(source), "files");
    }

    private static List<Map<?, ?>> list(Map<?, ?> object, String member) {
        List<Map<?, ?>> items = new ArrayList<>();
        for (Object item : (List<?>) Objects.requireNonNull(object.get(member))) {
            items.add((Map<?, ?>) Objects.requireNonNull(item));
        }
        return items;
    }

    /** A CSV source as text columns, each row as it stands. */
    String csv(String glob) {
        return "read_csv('" + folder + "/" + glob + "', all_varchar = true, header = true, union_by_name = true,"
                + " hive_partitioning = false, filename = true)";
    }

    String parquet(String glob) {
        return "read_parquet('" + folder + "/" + glob + "')";
    }

    /** The lines of text files, one a row. */
    String lines(String glob) {
        return "(SELECT unnest(string_split(rtrim(content, chr(10)), chr(10))) AS line FROM read_text('" + folder + "/"
                + glob + "'))";
    }

    static long count(String from) throws SQLException {
        return Long.parseLong(value("SELECT count(*) FROM " + from));
    }

    static String value(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
