package io.lakeops.duckdb.sql;

import io.lakeops.definition.ColumnPath;
import io.lakeops.definition.Edit;
import io.lakeops.definition.Position;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads ALTER TABLE and SHOW TBLPROPERTIES of a table of the lake, as Spark writes them. */
final class AlterParser {
    private final VerbText text;
    private final Cursor cursor;
    private final CreateParser words;

    AlterParser(VerbText text) {
        this.text = text;
        this.cursor = text.cursor();
        this.words = new CreateParser(text);
    }

    /** The verb; empty where it alters something of DuckDB's. The words ALTER TABLE are taken already. */
    Optional<Verb> alter() {
        cursor.accept("if", "exists");
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        if (cursor.accept("rename", "to")) {
            return VerbText.notYet("ALTER TABLE … RENAME TO");
        }
        if (cursor.sees("set") && cursor.sees(1, "location")) {
            return VerbText.notYet("ALTER TABLE … SET LOCATION");
        }
        Alteration alteration = alteration();
        cursor.expectEnd();
        return Optional.of(new Verb.Alter(table.get(), alteration));
    }

    /** The verb; empty where it is about something of DuckDB's. The words SHOW TBLPROPERTIES are taken already. */
    Optional<Verb> showProperties() {
        Optional<TableRef> table = text.lakeTable();
        if (table.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> key = Optional.empty();
        if (cursor.accept("(")) {
            key = Optional.of(words.key());
            cursor.expect(")");
        }
        cursor.expectEnd();
        return Optional.of(new Verb.ShowProperties(table.get(), key));
    }

    private Alteration alteration() {
        if (cursor.accept("add", "constraint")) {
            String name = cursor.name();
            cursor.expect("check", "(");
            String condition = cursor.until(")");
            cursor.expect(")");
            return new Alteration.Plain(new Edit.AddConstraint(name, condition));
        }
        if (cursor.accept("drop", "constraint")) {
            boolean ifExists = cursor.accept("if", "exists");
            return new Alteration.Plain(new Edit.DropConstraint(cursor.name(), ifExists));
        }
        if (cursor.accept("add")) {
            return add();
        }
        if (cursor.accept("rename", "column")) {
            ColumnPath column = path();
            cursor.expect("to");
            return new Alteration.Plain(new Edit.RenameColumn(column, cursor.name()));
        }
        if (cursor.accept("drop", "column") || cursor.accept("drop", "columns")) {
            return drop();
        }
        if (cursor.accept("cluster", "by")) {
            return new Alteration.Plain(new Edit.ClusterBy(clustering()));
        }
        if (cursor.accept("set", "tblproperties")) {
            return new Alteration.Plain(new Edit.SetProperties(words.properties()));
        }
        if (cursor.accept("unset", "tblproperties")) {
            return unset();
        }
        if (cursor.accept("alter") || cursor.accept("change")) {
            cursor.accept("column");
            return column(path());
        }
        throw cursor.wrong("expected ADD, DROP, RENAME or ALTER COLUMN, CLUSTER BY, SET or UNSET TBLPROPERTIES");
    }

    private Alteration add() {
        if (!cursor.accept("columns")) {
            cursor.accept("column");
        }
        boolean brackets = cursor.accept("(");
        List<Alteration.Column> columns = new ArrayList<>();
        do {
            ColumnPath path = path();
            String type = words.type();
            boolean nullable = true;
            Optional<String> comment = Optional.empty();
            Position position = new Position.Last();
            while (!cursor.atEnd() && !cursor.sees(",") && !cursor.sees(")")) {
                if (cursor.accept("not", "null")) {
                    nullable = false;
                } else if (cursor.accept("comment")) {
                    comment = Optional.of(cursor.text());
                } else if (cursor.sees("first") || cursor.sees("after")) {
                    position = position();
                } else if (cursor.sees("default") || cursor.sees("generated")) {
                    // Rows that are there would have to have it too, which no file of theirs says.
                    throw new LakeException(
                            ErrorCode.FEATURE_UNSUPPORTED,
                            "a column is added without a default and without what generates it; ALTER COLUMN … SET DEFAULT gives"
                                    + " it one for rows that come",
                            Map.of("column", path));
                } else {
                    throw cursor.wrong("a new column takes NOT NULL, COMMENT 'text', FIRST and AFTER column");
                }
            }
            columns.add(new Alteration.Column(
                    path, new Verb.ColumnDefinition(path.name(), type, nullable, comment), position));
        } while (cursor.accept(","));
        if (brackets) {
            cursor.expect(")");
        }
        return new Alteration.AddColumns(columns);
    }

    private Alteration drop() {
        boolean ifExists = cursor.accept("if", "exists");
        boolean brackets = cursor.accept("(");
        List<ColumnPath> columns = new ArrayList<>();
        do {
            columns.add(path());
        } while (cursor.accept(","));
        if (brackets) {
            cursor.expect(")");
        }
        return new Alteration.Plain(new Edit.DropColumns(columns, ifExists));
    }

    private Alteration unset() {
        boolean ifExists = cursor.accept("if", "exists");
        List<String> keys = new ArrayList<>();
        cursor.expect("(");
        do {
            keys.add(words.key());
        } while (cursor.accept(","));
        cursor.expect(")");
        return new Alteration.Plain(new Edit.UnsetProperties(keys, ifExists));
    }

    private Alteration column(ColumnPath column) {
        if (cursor.accept("type") || cursor.accept("set", "data", "type")) {
            return new Alteration.ChangeType(column, words.type());
        }
        if (cursor.accept("comment")) {
            return new Alteration.Plain(new Edit.CommentOn(column, cursor.text()));
        }
        if (cursor.sees("first") || cursor.sees("after")) {
            return new Alteration.Plain(new Edit.MoveColumn(column, position()));
        }
        if (cursor.accept("set", "not", "null")) {
            return new Alteration.Plain(new Edit.ChangeNullability(column, false));
        }
        if (cursor.accept("set", "default")) {
            return new Alteration.ChangeDefault(column, Optional.of(cursor.rest()));
        }
        if (cursor.accept("sync", "identity")) {
            return new Alteration.Plain(new Edit.SyncIdentity(column));
        }
        if (cursor.accept("drop", "default")) {
            return new Alteration.ChangeDefault(column, Optional.empty());
        }
        if (cursor.accept("drop", "not", "null")) {
            return new Alteration.Plain(new Edit.ChangeNullability(column, true));
        }
        throw cursor.wrong(
                "a column takes TYPE, COMMENT, FIRST, AFTER, SET or DROP NOT NULL, SET or DROP DEFAULT, SYNC IDENTITY");
    }

    /** {@code NONE} or {@code (path, …)}. */
    private List<ColumnPath> clustering() {
        List<ColumnPath> columns = new ArrayList<>();
        if (cursor.accept("none")) {
            return columns;
        }
        cursor.expect("(");
        do {
            columns.add(path());
        } while (cursor.accept(","));
        cursor.expect(")");
        return columns;
    }

    private Position position() {
        if (cursor.accept("first")) {
            return new Position.First();
        }
        cursor.expect("after");
        return new Position.After(cursor.name());
    }

    private ColumnPath path() {
        List<String> parts = new ArrayList<>();
        do {
            parts.add(cursor.name());
        } while (cursor.accept("."));
        return new ColumnPath(parts);
    }
}
