package io.lakeops.change;

/**
 * What a conversion did.
 *
 * @param converted false where a table stood there already
 * @param version the table's version; negative where nothing was converted
 * @param files data files that it now has
 * @param fileBytes their length
 */
public record ConvertResult(boolean converted, long version, long files, long fileBytes) {
    static ConvertResult already() {
        return new ConvertResult(false, -1, 0, 0);
    }
}
