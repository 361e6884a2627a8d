package io.lakeops.duckdb.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;

/** A process that holds a warehouse until it is ended. */
public final class HoldWarehouse {
    private HoldWarehouse() {}

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[0])) {
            connection.createStatement().execute("CREATE TABLE IF NOT EXISTS held (a INT)");
            System.out.write("held\n".getBytes(StandardCharsets.UTF_8));
            System.out.flush();
            if (System.in.read() >= 0) {
                throw new IllegalStateException("nothing is ever sent");
            }
        }
    }
}
