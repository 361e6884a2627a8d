package io.lakeops.delta.internal.write;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What LakeOps calls itself in a table's history. */
final class Release {
    static final String ENGINE_INFO = "LakeOps/" + version();

    private Release() {}

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Release.class.getResourceAsStream("release.properties")) {
            properties.load(Objects.requireNonNull(in, "release.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
