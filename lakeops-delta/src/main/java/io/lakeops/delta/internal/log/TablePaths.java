package io.lakeops.delta.internal.log;

import io.lakeops.context.FileRoots;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The paths of one table: as the log has them (percent-encoded, relative or absolute), decoded, and on disk.
 *
 * <p>A relative path never leaves the table's root, by {@code ..} or by a symbolic link. An absolute one is followed within
 * the table's root, and within roots that the host allowed; where it leads to is decided once symbolic links are resolved.
 *
 * <p>Source: Delta protocol, "Add File and Remove File": path is an RFC 2396 URI.
 *
 * <p>Threads: safe.
 */
public final class TablePaths {
    private static final String SAFE = "-_.~!$&'()*+,;=:@/";

    private static final Pattern FOREIGN = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private final Path root;
    private final List<Path> allowed;
    /** Folders that were seen to lie inside the root once symbolic links are resolved. */
    private final Set<Path> inside = ConcurrentHashMap.newKeySet();
    /** Folders that absolute paths may lead into. */
    private final Set<Path> followed = ConcurrentHashMap.newKeySet();

    public TablePaths(Path root) {
        this(root, List.of());
    }

    /** {@code allowed}: roots that absolute paths may lead into. */
    public TablePaths(Path root, List<Path> allowed) {
        this.root = root;
        this.allowed = List.copyOf(allowed);
    }

    public Path root() {
        return root;
    }

    /** Percent-decodes a path of the log; an absolute {@code file:} URI becomes an absolute path. */
    public static String decode(String logPath) {
        String text = logPath;
        if (text.regionMatches(true, 0, "file:", 0, 5)) {
            text = text.substring(5);
            if (text.startsWith("//")) {
                int slash = text.indexOf('/', 2);
                text = slash < 0 ? text : text.substring(slash);
            }
        }
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new LakeException(
                            ErrorCode.LOG_CORRUPT, "a path of the log is badly encoded", Map.of("path", logPath));
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length()) {
                bytes.writeBytes(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** An absolute path as the log has it, the way Spark writes it. */
    public static String absolute(Path path) {
        return "file:" + encode(path.toString().replace(path.getFileSystem().getSeparator(), "/"));
    }

    /** Percent-encodes a decoded relative path for the log. */
    public static String encode(String path) {
        StringBuilder text = new StringBuilder(path.length() + 8);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || SAFE.indexOf(c) >= 0;
            if (plain) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return text.toString();
    }

    /** Where a decoded path points, without looking whether that is allowed. */
    public Path resolve(String decoded) {
        try {
            // A path in another store, such as s3://bucket/key, must not be taken for a folder of the table.
            if (decoded.contains("://") && FOREIGN.matcher(decoded).lookingAt()) {
                return root.resolve("/").resolve(decoded);
            }
            Path path = root.resolve(decoded);
            // A table has many files, and hardly ever one whose path has a segment of dots.
            boolean dots = decoded.startsWith(".") || decoded.contains("/.") || decoded.contains("\\.");
            return dots || decoded.startsWith("/") || decoded.isEmpty() ? path.normalize() : path;
        } catch (InvalidPathException e) {
            throw new LakeException(
                    ErrorCode.LOG_CORRUPT,
                    "a path of the log can't be a path on this system",
                    Map.of("path", decoded),
                    e);
        }
    }

    /** Whether a decoded path is a relative one of ordinary names, which can leave the root by a symbolic link alone. */
    public static boolean isPlain(String decoded) {
        return !decoded.isEmpty()
                && !decoded.startsWith("/")
                && !decoded.startsWith(".")
                && !decoded.contains("/.")
                && decoded.indexOf(':') < 0
                && decoded.indexOf('\\') < 0;
    }

    /** Whether the path, by its text alone, stays below the table's root. */
    public boolean isInside(String decoded) {
        Path path = resolve(decoded);
        return path.startsWith(root) && !path.equals(root);
    }

    /** The path relative to the root with {@code /}, for a path that {@link #isInside}. */
    public String relative(String decoded) {
        Path path = root.relativize(resolve(decoded));
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    /**
     * The path relative to the root of what belongs to the table's own folder, by its text or by symbolic links; empty for
     * a path that leads elsewhere.
     */
    public Optional<String> own(String decoded) {
        if (isInside(decoded)) {
            return Optional.of(relative(decoded));
        }
        if (!isAbsolute(decoded)) {
            return Optional.empty();
        }
        Path real = FileRoots.real(resolve(decoded));
        Path folder = FileRoots.real(root);
        return real.startsWith(folder) && !real.equals(folder)
                ? Optional.of(relative(folder.relativize(real).toString()))
                : Optional.empty();
    }

    /** Whether the path leads, by its text, to a file of another folder, which the host must have allowed. */
    public boolean isForeign(String decoded) {
        return !isInside(decoded) && isAbsolute(decoded);
    }

    /**
     * Where a decoded path points, once it is sure that this is inside the table or a root that was allowed, symbolic links
     * followed.
     *
     * <p>Errors: PATH_OUTSIDE_TABLE.
     */
    public Path confined(String decoded) {
        Path path = resolve(decoded);
        boolean own = path.startsWith(root) && !path.equals(root);
        boolean follows = !allowed.isEmpty() && isAbsolute(decoded);
        if (!own && !follows) {
            throw outside(decoded, path);
        }
        try {
            if (Files.isSymbolicLink(path)) {
                Path real = FileRoots.real(path);
                if (!real.startsWith(root.toRealPath()) && !(follows && isAllowed(real))) {
                    throw outside(decoded, path);
                }
                return path;
            }
            Path folder = path.getParent();
            if (folder == null || inside.contains(folder) || (follows && followed.contains(folder))) {
                return path;
            }
            if (own && Files.exists(folder) && folder.toRealPath().startsWith(root.toRealPath())) {
                inside.add(folder);
            } else if (!own || Files.exists(folder)) {
                // What is not there is missing where it may be, and outside elsewhere.
                if (!follows || !isAllowed(FileRoots.real(folder))) {
                    throw outside(decoded, path);
                }
                followed.add(folder);
            }
        } catch (IOException e) {
            throw LogErrors.io("a path of the table can't be looked at", path, e);
        }
        return path;
    }

    private boolean isAllowed(Path real) {
        return allowed.stream().anyMatch(folder -> real.startsWith(FileRoots.real(folder)));
    }

    private boolean isAbsolute(String decoded) {
        return decoded.startsWith("/")
                || (!decoded.isEmpty() && root.getFileSystem().getPath(decoded).isAbsolute());
    }

    private LakeException outside(String decoded, Path path) {
        return new LakeException(
                ErrorCode.PATH_OUTSIDE_TABLE,
                "the table's log names a file outside the table",
                Map.of("path", decoded, "resolved", path, "table", root));
    }
}
