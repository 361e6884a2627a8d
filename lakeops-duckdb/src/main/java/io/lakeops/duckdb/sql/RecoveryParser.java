package io.lakeops.duckdb.sql;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads RESTORE, UNDO and FSCK, from the word after them on. */
final class RecoveryParser {
    private final Cursor cursor;

    RecoveryParser(VerbText text) {
        this.cursor = text.cursor();
    }

    Optional<Verb> restore() {
        cursor.accept("table");
        TableRef table = cursor.requireTable();
        cursor.accept("to");
        if (cursor.accept("version", "as", "of")) {
            OptionalLong version = OptionalLong.of(cursor.whole());
            cursor.expectEnd();
            return Optional.of(new Verb.Restore(table, version, Optional.empty()));
        }
        cursor.expect("timestamp", "as", "of");
        String timestamp = cursor.timestamp();
        cursor.expectEnd();
        return Optional.of(new Verb.Restore(table, OptionalLong.empty(), Optional.of(timestamp)));
    }

    Optional<Verb> undo() {
        return cursor.accept("vacuum") ? VerbText.notYet("UNDO VACUUM") : Optional.empty();
    }

    Optional<Verb> fsck() {
        return VerbText.notYet("FSCK REPAIR TABLE");
    }
}
