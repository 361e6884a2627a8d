package io.lakeops.bench;

/**
 * The table {@code orders} of the benchmarks, made from arithmetic alone, so that any engine can make it again.
 *
 * <p>Source: shared/design/PEERS.md, "Data".
 */
final class OrdersData {
    private static final long P = 2_147_483_647L;
    private static final long SEED = 20_240_601L;
    private static final long[] A = {
        0,
        1_103_515_245L,
        69_621L,
        630_360_016L,
        742_938_285L,
        950_706_376L,
        1_226_874_159L,
        62_089_911L,
        1_343_714_438L,
        16_807L
    };

    private OrdersData() {}

    /** A DuckDB query for the rows with {@code from <= order_id < to}, in that order, of a table of {@code total} rows. */
    static String query(long total, long from, long to) {
        long stepMicros = 30L * 24 * 3600 * 1_000_000 / total;
        return """
                SELECT id AS order_id,
                  %s %% %d AS customer_id,
                  (%s %% 5000)::INTEGER AS product_id,
                  make_timestamptz(1704067200000000 + id * %d) AS order_ts,
                  make_timestamp(1704067200000000 + id * %d)::DATE AS order_dt,
                  (1 + %s %% 10)::INTEGER AS qty,
                  ((100 + %s %% 99900)::DECIMAL(18, 2) / 100)::DECIMAL(10, 2) AS price,
                  ['new', 'paid', 'sent', 'done', 'back'][%s %% 5 + 1] AS status,
                  ['AU', 'NZ', 'US', 'GB', 'DE', 'FR', 'IT', 'ES', 'PT', 'NL',
                   'BE', 'AT', 'CH', 'SE', 'NO', 'DK', 'FI', 'PL', 'CZ', 'IE'][%s %% 20 + 1] AS country,
                  CASE WHEN %s %% 10 = 0 THEN NULL
                       ELSE 'note-' || printf('%%08x', %s) || '-' || printf('%%08x', %s) END AS note
                FROM (SELECT range AS id FROM range(%d, %d))""".formatted(
                        r(1),
                        Math.max(1, total / 10),
                        r(2),
                        stepMicros,
                        stepMicros,
                        r(3),
                        r(4),
                        r(5),
                        r(6),
                        r(7),
                        r(8),
                        r(9),
                        from,
                        to);
    }

    private static String r(int k) {
        return "((((id + %d) %% %d) * %d %% %d) * 48271 %% %d)".formatted(SEED * k, P, A[k], P, P);
    }
}
