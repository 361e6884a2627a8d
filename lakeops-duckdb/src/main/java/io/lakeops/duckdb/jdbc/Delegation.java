package io.lakeops.duckdb.jdbc;

import io.lakeops.duckdb.lake.LakeSession;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC object that is DuckDB's but for the methods that a class of ours has.
 *
 * @param <T> the JDBC interface
 */
final class Delegation<T> implements InvocationHandler {
    private final Own<T> own;
    private final LakeSession session;
    private final List<Method> methods;
    private final Set<String> names = new HashSet<>();

    private Delegation(Own<T> own, LakeSession session) {
        this.own = own;
        this.session = session;
        this.methods = Arrays.stream(own.getClass().getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()))
                .toList();
        methods.forEach(m -> names.add(m.getName()));
    }

    /**
     * What is ours of a JDBC object: public methods with the signatures of the interface are called instead of DuckDB's.
     *
     * @param <T> the JDBC interface
     */
    interface Own<T> {
        /** DuckDB's object. */
        T target() throws SQLException;

        /** Whether a method can't be called on this object. */
        default boolean refuses(Method method) {
            return false;
        }

        /** Hears of a call that goes to DuckDB's object. */
        default void forwarded(Method method, Object[] arguments) {}
    }

    static <T> T proxy(Class<T> type, Own<T> own, LakeSession session) {
        return type.cast(Proxy.newProxyInstance(
                Delegation.class.getClassLoader(), new Class<?>[] {type}, new Delegation<>(own, session)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? new Object[0] : given;
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return switch (name) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> own.toString();
            };
        }
        try {
            if (names.contains(name)) {
                for (Method candidate : methods) {
                    if (candidate.getName().equals(name)
                            && Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes())) {
                        return candidate.invoke(own, arguments);
                    }
                }
            }
            if (name.equals("unwrap") || name.equals("isWrapperFor")) {
                return wrapped(proxy, name, (Class<?>) arguments[0]);
            }
            if (own.refuses(method)) {
                throw new LakeException(
                        ErrorCode.INVALID_ARGUMENT, "a prepared statement runs the SQL that it was prepared with");
            }
            Object result = method.invoke(own.target(), arguments);
            own.forwarded(method, arguments);
            return result;
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof LakeException lake) {
                throw SqlErrors.of(lake);
            }
            if (cause instanceof RuntimeException bug) {
                throw SqlErrors.of(new LakeException(ErrorCode.INTERNAL, String.valueOf(bug), bug));
            }
            throw cause instanceof SQLException sql ? SqlErrors.of(sql, session) : cause;
        } catch (LakeException e) {
            throw SqlErrors.of(e);
        }
    }

    private Object wrapped(Object proxy, String method, Class<?> type) throws SQLException {
        T target = own.target();
        boolean here = type.isInstance(proxy);
        if (method.equals("isWrapperFor")) {
            return here || type.isInstance(target);
        }
        if (here) {
            return proxy;
        }
        if (type.isInstance(target)) {
            return target;
        }
        throw new SQLException("this is no wrapper for " + type.getName());
    }
}
