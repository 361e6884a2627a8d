package io.lakeops.testkit;

/**
 * What the operations do on every pair of a table format and a compute engine. Implement it in a test class of an engine,
 * once for each format.
 */
public interface OperationsContract
        extends ChangeContract,
                ChangeFeedContract,
                DefinitionContract,
                OverwriteContract,
                MergeContract,
                OptimizeContract,
                VacuumContract,
                RestoreContract,
                RaceContract,
                ModelContract,
                VectorContract,
                ChangeDataContract {}
