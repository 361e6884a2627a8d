package io.lakeops.definition;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One change of a table's definition, as one ALTER TABLE makes it. */
public sealed interface Edit {
    /** Adds columns, or fields within columns; rows that are there have null in them. */
    record AddColumns(List<NewColumn> columns) implements Edit {
        public AddColumns {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column that is to come.
     *
     * @param length {@code varchar(n)} or {@code char(n)}, where its texts are held to one
     */
    record NewColumn(
            ColumnPath path,
            DataType type,
            boolean nullable,
            Optional<String> comment,
            Position position,
            Optional<String> length) {
        public NewColumn(
                ColumnPath path, DataType type, boolean nullable, Optional<String> comment, Position position) {
            this(path, type, nullable, comment, position, Optional.empty());
        }

        public static NewColumn of(ColumnPath path, DataType type) {
            return new NewColumn(path, type, true, Optional.empty(), new Position.Last());
        }
    }

    /** Gives a column another name; its rows stay. */
    record RenameColumn(ColumnPath column, String name) implements Edit {}

    /** Takes columns out of the table; the files that are there keep their bytes. */
    record DropColumns(List<ColumnPath> columns, boolean ifExists) implements Edit {
        public DropColumns {
            columns = List.copyOf(columns);
        }
    }

    /** Moves a column among its neighbours. */
    record MoveColumn(ColumnPath column, Position position) implements Edit {}

    /** Gives a column a wider type. */
    record ChangeType(ColumnPath column, DataType type) implements Edit {}

    /** Lets a column hold nulls, or forbids it; forbidding looks at every row that is there. */
    record ChangeNullability(ColumnPath column, boolean nullable) implements Edit {}

    /** Sets what is said of a column. */
    record CommentOn(ColumnPath column, String comment) implements Edit {}

    /** Gives a column a default, in Spark's SQL, or takes it away; rows that are there stay as they are. */
    record ChangeDefault(ColumnPath column, Optional<String> expression) implements Edit {}

    /** Lets an identity column go on beyond the numbers that stand in the table; every row that is there is looked at. */
    record SyncIdentity(ColumnPath column) implements Edit {}

    /** Adds a condition that every row must keep to, in Spark's SQL; every row that is there is looked at. */
    record AddConstraint(String name, String expression) implements Edit {
        public AddConstraint {
            name = name.strip().toLowerCase(Locale.ROOT);
            expression = expression.strip();
            if (name.isEmpty() || expression.isEmpty()) {
                throw new LakeException(ErrorCode.INVALID_ARGUMENT, "a constraint needs a name and a condition");
            }
        }
    }

    /** Takes a constraint away. */
    record DropConstraint(String name, boolean ifExists) implements Edit {
        public DropConstraint {
            name = name.strip().toLowerCase(Locale.ROOT);
        }
    }

    /** Says by which columns rows are to lie together; none ends it. Files that are there stay as they are. */
    record ClusterBy(List<ColumnPath> columns) implements Edit {
        public ClusterBy {
            columns = List.copyOf(columns);
        }
    }

    /** Sets properties of the table; the features that they need come with them. */
    record SetProperties(Map<String, String> properties) implements Edit {
        public SetProperties {
            properties = Map.copyOf(new TreeMap<>(properties));
        }
    }

    /** Takes properties away. */
    record UnsetProperties(List<String> keys, boolean ifExists) implements Edit {
        public UnsetProperties {
            keys = List.copyOf(keys);
        }
    }
}
