package io.lakeops.ingest;

import io.lakeops.check.CommonSql;
import io.lakeops.context.Run;
import io.lakeops.engine.Expr;
import io.lakeops.engine.MeasureRequest;
import io.lakeops.engine.Relation;
import io.lakeops.engine.Rows;
import io.lakeops.engine.Session;
import io.lakeops.engine.WrittenFile;
import io.lakeops.table.DataType.Primitive;
import io.lakeops.table.Field;
import io.lakeops.table.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts the rows of a batch that arrived more than 24 hours after the end of their day. The day is a partition, so only the
 * data files of days for which some raw file is late are read, and usually there is none.
 */
final class LateRows {
    private static final Duration GRACE = Duration.ofHours(24);

    private final Source source;
    private final Session session;
    private final Run run;

    LateRows(Source source, Session session, Run run) {
        this.source = source;
        this.session = session;
        this.run = run;
    }

    IngestResult.Lateness measure(List<PlannedFile> files, RawLoad load) {
        if (source.eventDate().isEmpty() || source.apply().isPresent()) {
            return IngestResult.Lateness.NONE;
        }
        Map<LocalDate, List<Path>> byDay = new TreeMap<>();
        for (WrittenFile file : load.files()) {
            String day = file.partitionValues().get(source.eventDate().get());
            if (day != null) {
                byDay.computeIfAbsent(LocalDate.parse(day), d -> new ArrayList<>())
                        .add(file.location());
            }
        }
        long rows = 0;
        Duration longest = Duration.ZERO;
        TreeSet<String> lateFiles = new TreeSet<>();
        TreeSet<String> days = new TreeSet<>();
        for (Map.Entry<LocalDate, List<Path>> day : byDay.entrySet()) {
            Instant end = day.getKey().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            List<FoundFile> late = files.stream()
                    .map(PlannedFile::file)
                    .filter(f -> load.counts().containsKey(f.name()))
                    .filter(f -> f.arrived().isAfter(end.plus(GRACE)))
                    .toList();
            if (late.isEmpty()) {
                continue;
            }
            List<Long> counts = count(day.getValue(), late);
            for (int i = 0; i < late.size(); i++) {
                if (counts.get(i) > 0) {
                    rows += counts.get(i);
                    lateFiles.add(late.get(i).name());
                    days.add(day.getKey().toString());
                    Duration lateness = Duration.between(end, late.get(i).arrived());
                    longest = lateness.compareTo(longest) > 0 ? lateness : longest;
                }
            }
        }
        return new IngestResult.Lateness(rows, List.copyOf(lateFiles), List.copyOf(days), longest);
    }

    private List<Long> count(List<Path> dataFiles, List<FoundFile> late) {
        List<MeasureRequest.Aggregate> aggregates = new ArrayList<>();
        for (int i = 0; i < late.size(); i++) {
            aggregates.add(new MeasureRequest.Aggregate(
                    "late" + i,
                    Expr.of("count(CASE WHEN src_filename = "
                            + CommonSql.literal(late.get(i).name()) + " THEN 1 END)")));
        }
        Rows result = session.measure(
                new MeasureRequest(
                        new Relation.ParquetFiles(dataFiles, Schema.of(Field.of("src_filename", Primitive.STRING))),
                        aggregates),
                run.cancellation());
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < late.size(); i++) {
            counts.add(result.value(0, "late" + i) instanceof Number number ? number.longValue() : 0L);
        }
        return counts;
    }
}
