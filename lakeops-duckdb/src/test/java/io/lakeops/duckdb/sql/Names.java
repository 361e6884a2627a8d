package io.lakeops.duckdb.sql;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A lake with the tables bronze.orders, bronze.returns and gold.returns, and a table at 'lake/t'. */
final class Names implements TableNames {
    @Override
    public Optional<String> mounted(List<String> name) {
        return switch (String.join(".", name).toLowerCase(Locale.ROOT)) {
            case "bronze.orders", "orders" -> Optional.of("/lake/orders");
            case "bronze.returns" -> Optional.of("/lake/returns");
            case "returns" -> throw new LakeException(ErrorCode.TABLE_NAME_AMBIGUOUS, "returns");
            default -> Optional.empty();
        };
    }

    @Override
    public boolean isTable(String path) {
        return path.equals("lake/t");
    }
}
