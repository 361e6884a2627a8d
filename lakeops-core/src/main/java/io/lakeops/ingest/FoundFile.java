package io.lakeops.ingest;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A raw file as the listing shows it.
 *
 * @param path where its bytes are
 * @param name relative to the raw folder, with {@code /}: what {@code src_filename} and the ledger show
 * @param fileBytes its length
 * @param arrived its modification time, cut to microseconds
 */
public record FoundFile(Path path, String name, long fileBytes, Instant arrived) {}
