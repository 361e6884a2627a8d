package io.lakeops.examples.generate;

/**
 * Takes the values of a source's rows, column by column, and writes them in the source's format.
 *
 * <p>Threads: for one thread.
 */
interface RowWriter extends AutoCloseable {
    /** A whole number. */
    void number(long value);

    /** {@code unscaled} divided by ten to the {@code scale}: of a DECIMAL or a DOUBLE. */
    void decimal(long unscaled, int scale);

    void text(String value);

    /** A date, as days since 1970. */
    void date(long epochDay);

    /** A date and time of day, as seconds since 1970; of an instant in UTC, shown at the offset. */
    void time(long epochSecond, int offsetMinutes);

    void flag(boolean value);

    /** No value: NULL, an empty field, or no member at all. */
    void missing();

    /** What can't be read as the column's type; a format that has types of its own holds no value instead. */
    void broken(String text);

    void endRow();

    @Override
    void close();
}
