package io.lakeops.examples.models;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table that is made by a query.
 *
 * @param layer {@code silver} or {@code gold}
 * @param reads the tables of the lake that the query names, such as {@code bronze.orders}
 */
public record Model(String layer, String name, String sql, Set<String> reads) {
    private static final Pattern TABLE = Pattern.compile("\\b(bronze|silver|gold)\\.(\\w+)");
    private static final Pattern COMMENT_OR_TEXT =
            Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'(?:[^']|'')*'", Pattern.DOTALL);

    public Model {
        reads = Set.copyOf(reads);
    }

    /** The model of a query; what it reads is found in its text. */
    public static Model of(String layer, String name, String sql) {
        Set<String> reads = new TreeSet<>();
        Matcher table = TABLE.matcher(COMMENT_OR_TEXT.matcher(sql).replaceAll(" "));
        while (table.find()) {
            reads.add(table.group());
        }
        return new Model(layer, name, sql, reads);
    }

    /** The model of {@code models/<layer>/<name>.sql} on the class path. */
    static Model resource(String layer, String name) {
        String path = "/models/" + layer + "/" + name + ".sql";
        try (InputStream in = Model.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new LakeException(
                        ErrorCode.MODEL_INVALID, "the model's file is not on the class path", Map.of("path", path));
            }
            return of(layer, name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LakeException(ErrorCode.IO_FAILED, "the model can't be read", Map.of("path", path), e);
        }
    }

    /** The table's name, such as {@code gold.fct_sales}. */
    public String table() {
        return layer + "." + name;
    }
}
