package io.lakeops.duckdb.sql;

import io.lakeops.duckdb.sql.Token.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be known of a statement before DuckDB runs it.
 *
 * @param effect what it does
 * @param explained the statement whose plan it runs, where its plan can be asked for: without EXPLAIN ANALYZE
 * @param reads whether it runs that plan: not for a plain EXPLAIN, a CREATE VIEW or a DESCRIBE
 */
public record EngineStatement(Effect effect, Optional<String> explained, boolean reads) {
    private static final Set<String> QUERIES =
            Set.of("select", "with", "from", "values", "table", "summarize", "pivot", "unpivot", "(");
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "merge", "copy", "create");
    private static final Set<String> HARMLESS =
            Set.of("describe", "desc", "show", "deallocate", "execute", "call", "use");
    /** Settings by which a connection could come to write, or write somewhere by itself. */
    private static final Set<String> LOOSENING = Set.of(
            "access_mode",
            "allow_community_extensions",
            "allow_extensions_metadata_mismatch",
            "allow_persistent_secrets",
            "allow_unsigned_extensions",
            "autoinstall_known_extensions",
            "custom_extension_repository",
            "enable_logging",
            "extension_directory",
            "home_directory",
            "log_query_path",
            "logging_storage",
            "profile_output",
            "profiling_output",
            "secret_directory",
            "temp_directory");

    /** What a statement does, as far as the front must know. */
    public enum Effect {
        /** Returns rows, or changes nothing that outlives the connection. */
        READS,
        /** Changes a table, a file or the catalog. */
        WRITES,
        /** Begins a transaction. */
        BEGINS,
        /** Ends a transaction. */
        ENDS,
        /** Changes where names are looked up. */
        SEARCH_PATH
    }

    static EngineStatement of(Statement original, String sql) {
        Statement statement = sql.equals(original.text()) ? original : Statement.of(sql);
        int first = 0;
        boolean explain = statement.is(0, "explain");
        boolean analyze = false;
        if (explain) {
            first = 1;
            if (statement.is(1, "(")) {
                while (first < statement.tokens().size() && !statement.is(first, ")")) {
                    analyze |= statement.is(first, "analyze");
                    first++;
                }
                first++;
            } else if (statement.is(1, "analyze")) {
                analyze = true;
                first = 2;
            }
            if (first >= statement.tokens().size()) {
                return new EngineStatement(Effect.READS, Optional.empty(), false);
            }
        }
        Effect effect = explain && !analyze ? Effect.READS : effect(statement, first);
        Optional<String> plannable = plannable(statement, first);
        return new EngineStatement(effect, plannable, plannable.isPresent() && (!explain || analyze));
    }

    private static Optional<String> plannable(Statement statement, int first) {
        List<Token> tokens = statement.tokens();
        String word = tokens.get(first).lower();
        boolean query = QUERIES.contains(word);
        boolean change = CHANGES.contains(word);
        if (word.equals("copy")) {
            change = statement.is(first + 1, "(");
        }
        if (word.equals("create")) {
            int i = first + 1;
            while (i < tokens.size()
                    && (statement.is(i, "or")
                            || statement.is(i, "replace")
                            || statement.is(i, "temp")
                            || statement.is(i, "temporary"))) {
                i++;
            }
            change = statement.is(i, "table");
        }
        return query || change ? Optional.of(statement.text(first, tokens.size() - 1)) : Optional.empty();
    }

    private static Effect effect(Statement statement, int first) {
        List<Token> tokens = statement.tokens();
        String word = tokens.get(first).lower();
        if (word.equals("begin") || word.equals("start")) {
            return Effect.BEGINS;
        }
        if (Set.of("commit", "end", "rollback", "abort").contains(word)) {
            return Effect.ENDS;
        }
        if (QUERIES.contains(word)) {
            return writesWithin(statement, first) ? Effect.WRITES : Effect.READS;
        }
        if (word.equals("prepare")) {
            return tokens.stream().anyMatch(t -> CHANGES.contains(t.lower())) ? Effect.WRITES : Effect.READS;
        }
        if (word.equals("set") || word.equals("reset")) {
            return setting(statement, first + 1);
        }
        if (word.equals("use")) {
            return Effect.SEARCH_PATH;
        }
        if (word.equals("pragma")) {
            return tokens.stream().anyMatch(t -> t.is("=")) ? Effect.WRITES : Effect.READS;
        }
        if (word.equals("create")) {
            int i = statement.is(first + 1, "or") ? first + 3 : first + 1;
            return statement.is(i, "temp") || statement.is(i, "temporary") ? Effect.READS : Effect.WRITES;
        }
        return HARMLESS.contains(word) ? Effect.READS : Effect.WRITES;
    }

    /** A CTE may hold a change: {@code WITH c AS (…) INSERT INTO …}. */
    private static boolean writesWithin(Statement statement, int first) {
        List<Token> tokens = statement.tokens();
        if (!tokens.get(first).is("with")) {
            return false;
        }
        for (int i = first + 1; i < tokens.size(); i++) {
            boolean afterBody = tokens.get(i - 1).is(")") || tokens.get(i - 1).is("(");
            if (afterBody
                    && tokens.get(i).kind() == Kind.WORD
                    && CHANGES.contains(tokens.get(i).lower())) {
                return true;
            }
        }
        return false;
    }

    private static Effect setting(Statement statement, int from) {
        int i = from;
        while (statement.is(i, "session") || statement.is(i, "global") || statement.is(i, "local")) {
            i++;
        }
        if (i >= statement.tokens().size()) {
            return Effect.READS;
        }
        String name = statement.tokens().get(i).value().toLowerCase(java.util.Locale.ROOT);
        if (name.equals("search_path") || name.equals("schema")) {
            return Effect.SEARCH_PATH;
        }
        return LOOSENING.contains(name) ? Effect.WRITES : Effect.READS;
    }
}
