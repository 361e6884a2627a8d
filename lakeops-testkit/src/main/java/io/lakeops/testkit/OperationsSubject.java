package io.lakeops.testkit;

import io.lakeops.context.LakeContext;
import io.lakeops.context.LakeListener;
import io.lakeops.engine.ComputeEngine;
import io.lakeops.table.TableFormat;
import java.time.Clock;

/** The pair that the operations are put to the test on. */
public interface OperationsSubject {
    /** The format; within one test the same tables are seen by whatever it returns. */
    TableFormat format();

    /** The engine; a session is opened on it for each test. */
    ComputeEngine engine();

    /** Time, threads and ears. */
    default LakeContext context() {
        return new LakeContext(Clock.systemUTC(), Runnable::run, LakeListener.silent());
    }
}
