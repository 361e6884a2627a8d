package io.lakeops.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which texts of a column are CHAR(n), and so are shown padded with blanks.
 *
 * <p>Source: Spark keeps the declared type of a string column in the field's metadata.
 */
public sealed interface CharLengths {
    /** What Spark calls the entry. */
    String METADATA_KEY = "__CHAR_VARCHAR_TYPE_STRING";

    /** Nothing to pad here or below. */
    record None() implements CharLengths {}

    /** A text of at least {@code length} characters. */
    record Padded(int length) implements CharLengths {}

    /** The parts of a struct, list (one) or map (two), in order. */
    record Parts(List<CharLengths> parts) implements CharLengths {}

    /** What the field's metadata says; nothing for metadata that doesn't fit the type. */
    static CharLengths of(Field field) {
        return field.metadata().get(METADATA_KEY) instanceof String text && text.contains("char(")
                ? new CharLengthReader(text, false).read(field.type())
                : new None();
    }

    /** What stands in the metadata of a column of a type that is written so; empty for any but VARCHAR(n) and CHAR(n). */
    static Optional<String> declared(String type) {
        return type.matches("(?i)(var)?char\\s*\\(\\s*[1-9][0-9]{0,8}\\s*\\)")
                ? Optional.of(type.replaceAll("\\s", "").toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /** How many characters the texts of a field take, those of VARCHAR(n) among them: what is {@link Padded} here is a limit. */
    static CharLengths limits(Field field) {
        return field.metadata().get(METADATA_KEY) instanceof String text && text.contains("char(")
                ? new CharLengthReader(text, true).read(field.type())
                : new None();
    }

    /** The lengths of a part. */
    default CharLengths part(int index) {
        return this instanceof Parts all && index < all.parts().size()
                ? all.parts().get(index)
                : new None();
    }

    /** The length to pad to. */
    default Optional<Integer> padTo() {
        return this instanceof Padded padded ? Optional.of(padded.length()) : Optional.empty();
    }

    /** A text as it is shown, where it stands in a column of these lengths. */
    default String shown(String text) {
        int missing = padTo().orElse(0) - text.codePointCount(0, text.length());
        return missing > 0 ? text + " ".repeat(missing) : text;
    }
}
