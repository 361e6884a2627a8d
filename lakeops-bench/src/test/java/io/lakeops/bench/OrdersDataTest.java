package io.lakeops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class OrdersDataTest {
    @Test
    void a_million_rows_have_the_sums_that_the_peers_were_measured_on() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT count(*), sum(qty), sum(price), count(note), min(order_dt)::VARCHAR,"
                                + " max(order_dt)::VARCHAR FROM (" + OrdersData.query(1_000_000, 0, 1_000_000) + ")")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isEqualTo(1_000_000);
            assertThat(rows.getLong(2)).isEqualTo(5_500_018);
            assertThat(rows.getBigDecimal(3)).isEqualByComparingTo(new BigDecimal("500526910.38"));
            assertThat(rows.getLong(4)).isEqualTo(899_998);
            assertThat(rows.getString(5)).isEqualTo("2024-01-01");
            assertThat(rows.getString(6)).isEqualTo("2024-01-30");
        }
    }
}
