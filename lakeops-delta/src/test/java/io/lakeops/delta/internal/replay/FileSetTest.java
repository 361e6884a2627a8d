package io.lakeops.delta.internal.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.table.DeletionVector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSetTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void commits_on_top_of_a_set_leave_what_a_plain_map_has(long seed) {
        Random random = new Random(seed);
        TreeMap<String, LoggedFile> model = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            put(model, file(random.nextInt(100_000), false));
        }
        List<LoggedFile> shuffled = new ArrayList<>(model.values());
        java.util.Collections.shuffle(shuffled, random);
        FileSet set = FileSet.of(shuffled);
        for (int commit = 0; commit < 60; commit++) {
            Set<String> gone = new HashSet<>();
            for (String key : model.keySet()) {
                if (random.nextInt(100) == 0) {
                    gone.add(key);
                }
            }
            gone.add("nobody's.parquet");
            Map<String, LoggedFile> come = new LinkedHashMap<>();
            for (int i = random.nextInt(120); i > 0; i--) {
                LoggedFile file = file(random.nextInt(100_000), random.nextBoolean());
                come.put(file.key(), file);
            }
            set = set.after(gone, come);
            model.keySet().removeAll(gone);
            model.putAll(come);

            assertThat(new ArrayList<>(set.keySet())).isEqualTo(new ArrayList<>(model.keySet()));
            assertThat(new ArrayList<>(set.values())).isEqualTo(new ArrayList<>(model.values()));
            assertThat(set).hasSize(model.size());
            for (String key : gone) {
                assertThat(set.containsKey(key)).isEqualTo(come.containsKey(key));
            }
            for (String key : come.keySet()) {
                assertThat(set.get(key)).isEqualTo(come.get(key));
                assertThat(set.holds(key.split("\n", 2)[0])).isTrue();
            }
        }
        assertThat(set.holds("nobody's.parquet")).isFalse();
    }

    @Test
    void a_file_that_stands_twice_is_no_version() {
        assertThatThrownBy(() -> FileSet.of(List.of(file(2, false), file(1, false), file(2, false))))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT));
        assertThat(FileSet.of(List.of(file(2, false), file(2, true)))).hasSize(2);
    }

    private static void put(Map<String, LoggedFile> model, LoggedFile file) {
        model.put(file.key(), file);
    }

    /** Some paths are encoded, so that their order is not that of the log's text. */
    private static LoggedFile file(int number, boolean vector) {
        return new LoggedFile(
                (number % 3 == 0 ? "day=a%20b/" : "") + number + ".parquet",
                Map.of(),
                1,
                2,
                Optional.empty(),
                vector
                        ? Optional.of(new DeletionVector("u", "ab" + number, OptionalInt.of(1), 3, 4))
                        : Optional.empty(),
                Map.of(),
                Optional.empty());
    }
}
