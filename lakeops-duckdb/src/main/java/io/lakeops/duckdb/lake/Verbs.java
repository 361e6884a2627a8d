package io.lakeops.duckdb.lake;

import io.lakeops.Lake;
import io.lakeops.context.Cancellation;
import io.lakeops.context.Run;
import io.lakeops.duckdb.sql.Verb;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.provider.Providers;
import io.lakeops.table.TableFormat;
import java.sql.SQLException;
import java.util.Locale;
import org.duckdb.DuckDBConnection;

/** Runs the verbs: each is one of core's operations on a table, with the connection as its engine. */
final class Verbs {
    private final Lake lake;
    private final Settings settings;
    private final Tables tables;
    private final ChangeVerbs changes;
    private final DefinitionVerbs definitions;
    private final MaintenanceVerbs maintenance;
    private final RecoveryVerbs recovery;

    Verbs(
            LakeSession session,
            Lake lake,
            Providers<TableFormat> formats,
            Mounts mounts,
            ScanBinder binder,
            Settings settings,
            DuckDBConnection connection) {
        this.lake = lake;
        this.settings = settings;
        this.tables = new Tables(lake, mounts, binder, connection);
        Conditions conditions = new Conditions(session, binder);
        this.changes = new ChangeVerbs(session, tables, conditions, settings);
        this.definitions = new DefinitionVerbs(session, tables, formats);
        this.maintenance = new MaintenanceVerbs(tables, conditions, settings);
        this.recovery = new RecoveryVerbs(tables);
    }

    /** The verb's name as users write it. */
    static String name(Verb verb) {
        if (verb instanceof Verb.NotYet notYet) {
            return notYet.verb();
        }
        if (verb instanceof Verb.Insert) {
            return "INSERT INTO a Delta table";
        }
        if (verb instanceof Verb.Overwrite) {
            return "INSERT OVERWRITE of a Delta table";
        }
        if (verb instanceof Verb.Delete) {
            return "DELETE FROM a Delta table";
        }
        if (verb instanceof Verb.Alter) {
            return "ALTER TABLE of Delta";
        }
        return verb instanceof Verb.Create
                ? "CREATE TABLE of Delta"
                : verb.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    VerbResult run(Verb verb, Cancellation cancellation) throws SQLException {
        Run run = Run.of(lake.context()).withCancellation(cancellation).withCommitTimeout(settings.commitTimeout());
        if (verb instanceof Verb.Description description) {
            return Descriptions.run(description, tables);
        }
        if (verb instanceof Verb.Change change) {
            return changes.run(change, run);
        }
        if (verb instanceof Verb.Definition definition) {
            return definitions.run(definition, run);
        }
        if (verb instanceof Verb.Maintenance upkeep) {
            return maintenance.run(upkeep, run);
        }
        if (verb instanceof Verb.Recovery back) {
            return recovery.run(back, run);
        }
        throw new LakeException(ErrorCode.NOT_YET, name(verb) + " is not built yet");
    }
}
