package io.lakeops.duckdb.spark;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;

/** Why an expression can't be run here. */
final class Refusal {
    private Refusal() {}

    static LakeException of(String why) {
        return new LakeException(
                ErrorCode.FEATURE_UNSUPPORTED, "an expression of the table can't be run as Spark runs it: " + why);
    }
}
