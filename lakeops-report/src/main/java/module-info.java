/** Pages of the operations document. */
module io.lakeops.report {
    requires transitive io.lakeops.core;

    exports io.lakeops.report.pages;
}
