package io.lakeops.examples;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;

/** Writes to two places: to keep what is said, and to say it at once. */
final class Both extends Writer {
    private final StringWriter kept;
    private final Writer heard;

    Both(StringWriter kept, Writer heard) {
        this.kept = kept;
        this.heard = heard;
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        kept.write(text, from, length);
        heard.write(text, from, length);
    }

    @Override
    public void flush() throws IOException {
        heard.flush();
    }

    @Override
    public void close() throws IOException {
        heard.flush();
    }
}
