package io.lakeops.maintenance;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an action would do to a table, pinned to the version that it was planned on. The dry run shows it.
 *
 * @param action the action's name
 * @param table the table's name
 * @param baseVersion the version that was read
 * @param plannedAt when
 * @param details the options in force and what else the action notes, as text
 * @param groups what is done together, in order
 */
public record MaintenancePlan(
        String action,
        String table,
        long baseVersion,
        Instant plannedAt,
        Map<String, String> details,
        List<Group> groups) {
    public MaintenancePlan {
        Objects.requireNonNull(action);
        Objects.requireNonNull(table);
        Objects.requireNonNull(plannedAt);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        groups = List.copyOf(groups);
    }

    /**
     * Files that are treated together.
     *
     * @param name the partition, or an empty text
     */
    public record Group(String name, List<Item> files) {
        public Group {
            Objects.requireNonNull(name);
            files = List.copyOf(files);
        }

        public long fileBytes() {
            return files.stream().mapToLong(Item::fileBytes).sum();
        }
    }

    /**
     * One file.
     *
     * @param path as the log names it, or relative to the table's root
     * @param fileBytes its length
     * @param rows its live rows, where they are known
     * @param modificationTime in milliseconds since the epoch
     * @param reason why it is concerned
     */
    public record Item(String path, long fileBytes, OptionalLong rows, long modificationTime, String reason) {}

    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** The files of all groups, in order. */
    public List<Item> files() {
        return groups.stream().flatMap(g -> g.files().stream()).toList();
    }

    /** The bytes of all groups. */
    public long fileBytes() {
        return groups.stream().mapToLong(Group::fileBytes).sum();
    }

    /** The plan as JSON. */
    public String toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("action", action);
        json.put("table", table);
        json.put("baseVersion", baseVersion);
        json.put("plannedAt", plannedAt.toString());
        json.put("details", details);
        List<Object> all = new ArrayList<>();
        for (Group group : groups) {
            List<Object> files = new ArrayList<>();
            for (Item item : group.files()) {
                Map<String, Object> file = new LinkedHashMap<>();
                file.put("path", item.path());
                file.put("fileBytes", item.fileBytes());
                item.rows().ifPresent(rows -> file.put("rows", rows));
                file.put("modificationTime", item.modificationTime());
                file.put("reason", item.reason());
                files.add(file);
            }
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", group.name());
            one.put("files", files);
            all.add(one);
        }
        json.put("groups", all);
        return Json.write(json);
    }

    /**
     * A plan that {@link #toJson} wrote.
     *
     * <p>Errors: INVALID_ARGUMENT where it is none.
     */
    public static MaintenancePlan fromJson(String text) {
        Map<String, @Nullable Object> json = Json.parseObject(text);
        try {
            Map<String, String> details = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) member(json, "details", Map.class)).entrySet()) {
                details.put(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
            }
            List<Group> groups = new ArrayList<>();
            for (Object element : member(json, "groups", List.class)) {
                Map<?, ?> group = (Map<?, ?>) element;
                List<Item> files = new ArrayList<>();
                for (Object one : member(group, "files", List.class)) {
                    Map<?, ?> file = (Map<?, ?>) one;
                    files.add(new Item(
                            member(file, "path", String.class),
                            member(file, "fileBytes", Long.class),
                            file.containsKey("rows")
                                    ? OptionalLong.of(member(file, "rows", Long.class))
                                    : OptionalLong.empty(),
                            member(file, "modificationTime", Long.class),
                            member(file, "reason", String.class)));
                }
                groups.add(new Group(member(group, "name", String.class), files));
            }
            return new MaintenancePlan(
                    member(json, "action", String.class),
                    member(json, "table", String.class),
                    member(json, "baseVersion", Long.class),
                    Instant.parse(member(json, "plannedAt", String.class)),
                    details,
                    groups);
        } catch (ClassCastException | DateTimeException e) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "not a maintenance plan: " + e.getMessage(), e);
        }
    }

    private static <T> T member(Map<?, ?> json, String name, Class<T> type) {
        Object value = json.get(name);
        if (value == null) {
            throw new LakeException(ErrorCode.INVALID_ARGUMENT, "not a maintenance plan: it has no '" + name + "'");
        }
        return type.cast(value);
    }
}
