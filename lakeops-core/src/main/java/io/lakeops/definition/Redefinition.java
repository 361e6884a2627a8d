package io.lakeops.definition;

import io.lakeops.table.Operation;
import io.lakeops.table.TableChange;

/** What an edit makes of a table, and what the history says of it. */
record Redefinition(TableChange change, Operation operation) {}
