package io.lakeops.table;

/**
 * The positions of the deleted rows of one data file, decoded.
 *
 * <p>Shape: bit {@code p & 63} of word {@code p >> 6} is set where the row at position {@code p}, counted from 0, is
 * deleted.
 */
public final class DeletedRows {
    private final long[] words;
    private final long cardinality;

    private DeletedRows(long[] words) {
        this.words = words;
        long count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        this.cardinality = count;
    }

    /** Takes a copy of the words. */
    public static DeletedRows of(long[] words) {
        return new DeletedRows(words.clone());
    }

    /** These rows and those of another vector of the same file. */
    public DeletedRows and(DeletedRows other) {
        long[] longer = words.length < other.words.length ? other.words : words;
        long[] shorter = words.length < other.words.length ? words : other.words;
        long[] both = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            both[i] |= shorter[i];
        }
        return new DeletedRows(both);
    }

    /** A copy of the words, to be written. */
    public long[] toWords() {
        return words.clone();
    }

    public boolean contains(long position) {
        long word = position >> 6;
        return position >= 0 && word < words.length && (words[(int) word] & (1L << (position & 63))) != 0;
    }

    /** How many rows are deleted. */
    public long cardinality() {
        return cardinality;
    }
}
