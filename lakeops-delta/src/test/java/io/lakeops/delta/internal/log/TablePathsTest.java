package io.lakeops.delta.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePathsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "a.parquet, a.parquet",
        "a%20b.parquet, a b.parquet",
        "p=a%252Fb/x.parquet, p=a%2Fb/x.parquet",
        "p=%E6%97%A5/x+y.parquet, p=日/x+y.parquet",
        "file:/lake/t/x%20y, /lake/t/x y",
        "file:///lake/t/x, /lake/t/x",
        "FILE:///lake/x, /lake/x"
    })
    void a_path_of_the_log_is_decoded_once(String logged, String decoded) {
        assertThat(TablePaths.decode(logged)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.parquet", "a b%20c.parquet", "p=50 %/ü日本/𝄞#?[x].parquet", "it's \"so\".parquet"})
    void what_is_encoded_is_decoded_again(String path) {
        String encoded = TablePaths.encode(path);

        assertThat(java.net.URI.create(encoded).getPath()).isEqualTo(path);
        assertThat(TablePaths.decode(encoded)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%2", "a%zz", "%"})
    void a_badly_encoded_path_is_corrupt(String logged) {
        assertThatThrownBy(() -> TablePaths.decode(logged))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOG_CORRUPT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc/hostname", "../t2/x.parquet", "a/../../x.parquet", "s3://bucket/x.parquet", "", ".", "a/.."
            })
    void a_path_that_leads_out_is_refused(String decoded) {
        TablePaths paths = new TablePaths(folder.resolve("t"));

        assertThat(paths.isInside(decoded)).isFalse();
        assertOutside(paths, decoded);
    }

    @Test
    void a_link_that_leads_out_is_refused_be_it_a_file_or_a_folder() throws Exception {
        Path root = Files.createDirectories(folder.resolve("t"));
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Files.createSymbolicLink(root.resolve("file.parquet"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("p=1"), outside);
        Files.createDirectories(root.resolve("real"));
        Files.createSymbolicLink(root.resolve("p=2"), root.resolve("real"));
        Files.writeString(root.resolve("real/x"), "x");
        TablePaths paths = new TablePaths(root);

        assertOutside(paths, "file.parquet");
        assertOutside(paths, "p=1/secret");
        assertThat(paths.confined("p=2/x")).exists();
    }

    @Test
    void a_table_may_itself_stand_behind_a_link() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real"));
        Files.writeString(real.resolve("x"), "x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(new TablePaths(link).confined("x")).exists();
    }

    @Test
    void an_absolute_path_is_followed_into_roots_that_were_allowed_once_links_are_resolved() throws Exception {
        Path root = Files.createDirectories(folder.resolve("t"));
        Path source = Files.createDirectories(folder.resolve("source/p=1"));
        Path secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(source.resolve("x"), "x");
        Files.writeString(secret.resolve("x"), "x");
        Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("source"));
        Files.createSymbolicLink(folder.resolve("source/p=2"), secret);
        Files.createSymbolicLink(source.resolve("link"), secret.resolve("x"));
        Files.createSymbolicLink(source.resolve("fine"), source.resolve("x"));
        Files.createSymbolicLink(root.resolve("p=3"), source);
        TablePaths paths = new TablePaths(root, List.of(folder.resolve("alias")));

        for (String allowed :
                List.of("source/p=1/x", "alias/p=1/x", "source/p=1/fine", "t/p=3/x", "alias/gone/x", "t/x")) {
            String path = folder.resolve(allowed).toString();
            assertThat(paths.confined(path)).isEqualTo(folder.resolve(allowed));
            assertThat(paths.confined(TablePaths.decode("file:" + TablePaths.encode(path))))
                    .isAbsolute();
        }
        for (String refused : List.of(
                "source/p=2/x",
                "alias/p=2/x",
                "source/p=1/link",
                "secret/x",
                "source/../secret/x",
                "sourced/x",
                "gone/x")) {
            assertOutside(paths, folder + "/" + refused);
        }
        for (String relative : List.of("../source/p=1/x", "p=3/x", "../alias/p=1/x")) {
            assertOutside(paths, relative);
        }
    }

    @Test
    void what_leads_into_the_table_s_own_folder_is_its_own_by_any_spelling() throws Exception {
        Path root = Files.createDirectories(folder.resolve("t"));
        Files.createSymbolicLink(folder.resolve("alias"), root);
        TablePaths paths = new TablePaths(root);

        assertThat(paths.own("a b/x")).contains("a b/x");
        assertThat(paths.own(root + "/x")).contains("x");
        assertThat(paths.own(folder + "/alias/p/x")).contains("p/x");
        assertThat(paths.own(folder + "/other/x")).isEmpty();
        assertThat(paths.own("../other/x")).isEmpty();
    }

    private static void assertOutside(TablePaths paths, String decoded) {
        assertThatThrownBy(() -> paths.confined(decoded))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_OUTSIDE_TABLE));
    }
}
