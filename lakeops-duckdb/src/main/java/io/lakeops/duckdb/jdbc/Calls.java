package io.lakeops.duckdb.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The setters that were called on a statement, so that they can be called on the one that takes its place. */
final class Calls {
    private final Map<String, Call> settings = new LinkedHashMap<>();
    private Map<Integer, Call> parameters = new TreeMap<>();

    private record Call(Method method, List<@Nullable Object> arguments) {
        void on(Statement statement) throws SQLException {
            try {
                method.invoke(statement, arguments.toArray());
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof SQLException sql) {
                    throw sql;
                }
                throw new SQLException(e.getCause());
            } catch (IllegalAccessException e) {
                throw new SQLException(e);
            }
        }
    }

    void note(Method method, Object[] arguments) {
        if (!method.getName().startsWith("set")) {
            return;
        }
        Call call =
                new Call(method, java.util.Collections.unmodifiableList(java.util.Arrays.asList(arguments.clone())));
        if (method.getDeclaringClass() == PreparedStatement.class && arguments.length >= 2) {
            parameters.put((Integer) arguments[0], call);
        } else if (method.getDeclaringClass() == Statement.class) {
            settings.put(method.getName(), call);
        }
    }

    void applySettings(Statement statement) throws SQLException {
        for (Call call : settings.values()) {
            call.on(statement);
        }
    }

    void applyParameters(PreparedStatement statement) throws SQLException {
        for (Call call : parameters.values()) {
            call.on(statement);
        }
    }

    void clearParameters() {
        parameters.clear();
    }

    /** The parameters as they are now. */
    Map<Integer, Call> parameters() {
        return new TreeMap<>(parameters);
    }

    /** Takes back parameters that {@link #parameters()} returned. */
    void parameters(Map<Integer, Call> others) {
        parameters = new TreeMap<>(others);
    }

    /** A parameter as SQL text. */
    String literal(int index) {
        Call call = parameters.get(index);
        if (call == null) {
            throw new io.lakeops.error.LakeException(
                    io.lakeops.error.ErrorCode.INVALID_ARGUMENT, "the parameter " + index + " has no value");
        }
        return call.method().getName().equals("setNull")
                ? "NULL"
                : Literals.sql(call.arguments().get(1));
    }
}
