package io.lakeops.provider;

/** An implementation that is found by name through {@link java.util.ServiceLoader}. */
public interface Provider {
    /** The stable, lower-case name by which a host asks for it, such as {@code delta}. */
    String name();
}
