package io.lakeops.engine;

import java.util.List;

/**
 * What a load wrote, and what became of every row that it read.
 *
 * @param files data files of the table
 * @param rejects data files of the table of rejects
 * @param counts one for each raw file, in the order asked
 */
public record Loaded(List<WrittenFile> files, List<WrittenFile> rejects, List<Count> counts) {
    public Loaded {
        files = List.copyOf(files);
        rejects = List.copyOf(rejects);
        counts = List.copyOf(counts);
    }

    /**
     * The rows of one raw file: {@code rows = loaded + rejected}.
     *
     * @param name the file, as src_filename shows it
     */
    public record Count(String name, long rows, long loaded, long rejected) {}
}
