package io.lakeops.examples.generate;

import io.lakeops.context.LakeEvent;
import io.lakeops.context.LakeListener;
import io.lakeops.error.ErrorCode;
import io.lakeops.error.LakeException;
import io.lakeops.examples.retail.RetailSource;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the raw files of a run: the same arguments give the same bytes, whatever the machine, its zone or its locale.
 *
 * <p>Errors: INVALID_ARGUMENT, IO_FAILED.
 *
 * <p>Threads: works on the calling thread; an instance makes one run at a time.
 */
public final class Generator {
    private final LakeListener listener;

    public Generator(LakeListener listener) {
        this.listener = listener;
    }

    /** Writes the run's files below {@code folder}, and {@code manifest.json} beside them at the end. */
    public void generate(Run run, Path folder) {
        int orderFiles = 0;
        for (LocalDate day = run.start(); !day.isAfter(run.lastDay()); day = day.plusDays(1)) {
            orderFiles += 2 * Orders.files(day, run.sizes());
        }
        if (run.late() > orderFiles) {
            throw new LakeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the run has fewer order files than are to be late",
                    Map.of("late", run.late(), "order files", orderFiles));
        }
        try {
            Manifest manifest = new Manifest(folder, run);
            manifest.begin(folder);
            Delivery delivery = new Delivery(folder, run.avro(), progress(run));
            new Dimensions(run.sizes(), delivery, Delivery.Arrival.onTime(run.lastDay())).make();
            for (LocalDate day = run.start(); !day.isAfter(run.lastDay()); day = day.plusDays(1)) {
                new Orders(run, day, delivery).make();
                new Events(run, day, delivery).make();
            }
            for (List<LocalDate> month : months(run)) {
                new Sensors(run, month, delivery).make();
            }
            new Shipments(run, delivery).make();
            new Returns(run, delivery).make();
            manifest.complete(delivery);
        } catch (UncheckedIOException e) {
            throw new LakeException(
                    ErrorCode.IO_FAILED,
                    "the raw files could not be written: " + e.getMessage(),
                    Map.of("out", folder),
                    e);
        }
    }

    private static List<List<LocalDate>> months(Run run) {
        List<List<LocalDate>> months = new ArrayList<>();
        for (LocalDate day = run.start(); !day.isAfter(run.lastDay()); day = day.plusDays(1)) {
            if (months.isEmpty()
                    || !YearMonth.from(day).equals(YearMonth.from(last(months).get(0)))) {
                months.add(new ArrayList<>());
            }
            last(months).add(day);
        }
        return months;
    }

    private static List<LocalDate> last(List<List<LocalDate>> months) {
        return months.get(months.size() - 1);
    }

    private Delivery.Progress progress(Run run) {
        Map<RetailSource, Long> totals = new EnumMap<>(RetailSource.class);
        for (RetailSource source : RetailSource.values()) {
            long total = 0;
            if (source.daily()) {
                for (LocalDate day = run.start(); !day.isAfter(run.lastDay()); day = day.plusDays(1)) {
                    total += Run.rows(source, day, run.sizes());
                }
            } else {
                total = Dimensions.count(source, run.sizes());
            }
            totals.put(source, total);
        }
        Map<RetailSource, Long> done = new EnumMap<>(RetailSource.class);
        return (source, rows) -> {
            long before = done.getOrDefault(source, 0L);
            long now = before + rows;
            long total = totals.getOrDefault(source, -1L);
            done.put(source, now);
            if (now == total || now * 10 / Math.max(1, total) > before * 10 / Math.max(1, total)) {
                listener.on(new LakeEvent.Progress("generate-data", source.sourceName(), now, total, "rows"));
            }
        };
    }
}
