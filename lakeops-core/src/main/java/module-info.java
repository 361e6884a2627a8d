/** Interfaces, values and operations of LakeOps. */
module io.lakeops.core {
    requires transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires static com.google.auto.service;

    exports io.lakeops;
    exports io.lakeops.change;
    exports io.lakeops.check;
    exports io.lakeops.context;
    exports io.lakeops.definition;
    exports io.lakeops.engine;
    exports io.lakeops.error;
    exports io.lakeops.ingest;
    exports io.lakeops.json;
    exports io.lakeops.maintenance;
    exports io.lakeops.provider;
    exports io.lakeops.recovery;
    exports io.lakeops.report;
    exports io.lakeops.table;
    exports io.lakeops.view;

    uses io.lakeops.check.Check;
    uses io.lakeops.engine.ComputeEngine;
    uses io.lakeops.ingest.SourceDecoder;
    uses io.lakeops.maintenance.MaintenanceAction;
    uses io.lakeops.table.TableFormat;

    provides io.lakeops.maintenance.MaintenanceAction with
            io.lakeops.maintenance.Checkpoint,
            io.lakeops.maintenance.Optimize,
            io.lakeops.maintenance.Vacuum;
}
