package io.lakeops.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.engine.ComputeEngine;
import io.lakeops.provider.Providers;
import io.lakeops.testkit.ComputeEngineContract;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DuckDbEngineTest implements ComputeEngineContract {
    @Override
    public ComputeEngine engine() {
        return new DuckDbEngine();
    }

    @Test
    void it_is_found_by_its_name() {
        Providers<ComputeEngine> engines = Providers.load(ComputeEngine.class, ServiceLoader.load(ComputeEngine.class));
        assertThat(engines.require("duckdb")).isInstanceOf(DuckDbEngine.class);
    }
}
