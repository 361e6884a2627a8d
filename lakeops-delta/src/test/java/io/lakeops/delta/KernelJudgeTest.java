package io.lakeops.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.lakeops.delta.internal.kernel.KernelLog;
import io.lakeops.delta.internal.log.LoggedFile;
import io.lakeops.error.LakeException;
import io.lakeops.table.LakeTable;
import io.lakeops.table.SnapshotSelector;
import io.lakeops.testkit.Fixtures;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own replay of a log beside that of Delta Kernel, on every version of every table that Spark wrote. */
class KernelJudgeTest {
    @TempDir
    Path folder;

    @Test
    void every_version_is_what_the_kernel_reads() {
        Fixtures fixtures = Fixtures.unpackInto(folder);
        int compared = 0;
        for (String name : fixtures.names()) {
            LakeTable table = Tables.open(fixtures.table(name));
            KernelLog kernel = new KernelLog(fixtures.table(name));
            for (long version = 0; version <= table.versions().latest(); version++) {
                DeltaSnapshot ours;
                try {
                    ours = (DeltaSnapshot) table.snapshot(SnapshotSelector.version(version));
                } catch (LakeException refused) {
                    continue;
                }
                KernelLog.Loaded judged = kernel.load(version);
                assertThat(ours.protocol()).as(name + version).isEqualTo(judged.protocol());
                assertThat(ours.metadata()).as(name + version).isEqualTo(judged.metadata());
                assertThat(ours.domains()).as(name + version).isEqualTo(judged.domains());
                ours.state()
                        .sequences()
                        .forEach((application, number) -> assertThat(judged.sequence(application))
                                .as(name)
                                .hasValue(number));
                Map<String, LoggedFile> files =
                        judged.files().stream().collect(Collectors.toMap(LoggedFile::key, file -> file));
                assertThat(new TreeMap<>(ours.logged()).keySet())
                        .as(name + version)
                        .isEqualTo(new TreeMap<>(files).keySet());
                files.forEach((key, file) -> {
                    if (file.statistics().isPresent()) {
                        assertThat(ours.logged().get(key)).as(name).isEqualTo(file);
                    }
                });
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(150);
    }
}
