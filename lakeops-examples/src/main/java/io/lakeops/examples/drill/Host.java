package io.lakeops.examples.drill;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What the drill runs on: the commands and connections that a user has. */
public interface Host {
    /** Runs a command as it is typed after {@code lakeops}, and returns its exit code. */
    int command(List<String> words, PrintWriter out, PrintWriter err);

    /** A connection to the drill's warehouse with its lake mounted. */
    Connection connect() throws SQLException;
}
