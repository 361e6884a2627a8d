package io.lakeops.provider;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The providers of one service interface, by name; the only place that looks providers up.
 *
 * <p>Errors: PROVIDER_MISSING names the Maven dependency to add; PROVIDER_AMBIGUOUS names both jars.
 *
 * <p>Threads: immutable and safe.
 */
public final class Providers<P extends Provider> {
    /** The artifact that brings each of our own providers. A third party's provider brings itself. */
    private static final Map<String, String> ARTIFACTS = Map.ofEntries(
            Map.entry("delta", "io.lakeops:lakeops-delta"),
            Map.entry("duckdb", "io.lakeops:lakeops-duckdb"),
            Map.entry("avro", "io.lakeops:lakeops-formats"),
            Map.entry("xlsx", "io.lakeops:lakeops-formats"),
            Map.entry("not_null", "io.lakeops:lakeops-quality"),
            Map.entry("unique", "io.lakeops:lakeops-quality"),
            Map.entry("accepted_values", "io.lakeops:lakeops-quality"),
            Map.entry("accepted_range", "io.lakeops:lakeops-quality"),
            Map.entry("relationships", "io.lakeops:lakeops-quality"),
            Map.entry("recency", "io.lakeops:lakeops-quality"),
            Map.entry("row_count", "io.lakeops:lakeops-quality"),
            Map.entry("custom_sql", "io.lakeops:lakeops-quality"));

    private final Class<P> service;
    private final Map<String, P> byName;

    private Providers(Class<P> service, Map<String, P> byName) {
        this.service = service;
        this.byName = byName;
    }

    /** Sorts {@code found} by name. */
    public static <P extends Provider> Providers<P> of(Class<P> service, Iterable<P> found) {
        Map<String, P> byName = new TreeMap<>();
        for (P provider : found) {
            P other = byName.putIfAbsent(provider.name(), provider);
            if (other != null && !other.getClass().equals(provider.getClass())) {
                throw new LakeException(
                        ErrorCode.PROVIDER_AMBIGUOUS,
                        "two providers of " + service.getSimpleName() + " are named '" + provider.name() + "'",
                        Map.of("first", origin(other), "second", origin(provider)));
            }
        }
        return new Providers<>(service, byName);
    }

    /** Reads a loader to its end. The loader must be made by the module that declares {@code uses}. */
    public static <P extends Provider> Providers<P> load(Class<P> service, ServiceLoader<P> loader) {
        try {
            return of(service, loader);
        } catch (ServiceConfigurationError e) {
            throw new LakeException(
                    ErrorCode.PROVIDER_MISSING,
                    "a provider of " + service.getSimpleName() + " is declared but can't be created: " + e.getMessage(),
                    e);
        }
    }

    /** The provider of that name, where there is one. */
    public Optional<P> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The provider of that name; PROVIDER_MISSING where there is none. */
    public P require(String name) {
        P provider = byName.get(name);
        if (provider == null) {
            String artifact = ARTIFACTS.get(name);
            throw new LakeException(
                    ErrorCode.PROVIDER_MISSING,
                    "no " + service.getSimpleName() + " named '" + name + "' is on the class path; it has "
                            + (byName.isEmpty() ? "none" : byName.keySet())
                            + (artifact == null
                                    ? "; add the dependency that brings it"
                                    : "; add the Maven dependency " + artifact));
        }
        return provider;
    }

    /** All providers, by name. */
    public List<P> all() {
        return new ArrayList<>(byName.values());
    }

    @Override
    public String toString() {
        return service.getSimpleName() + byName.keySet().stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private static String origin(Object provider) {
        var source = provider.getClass().getProtectionDomain().getCodeSource();
        return provider.getClass().getName() + (source == null ? "" : " in " + source.getLocation());
    }
}
