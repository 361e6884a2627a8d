package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import java.time.LocalDate;

/** The shipments of the run's orders, in one file; some are under way, some took longer than the five days agreed. */
final class Shipments {
    private static final String[] CARRIERS = {"AusPost", "StarTrack", "Toll", "DHL"};
    private static final int SLA_SECONDS = 5 * 86_400;
    private final Run run;
    private final Delivery delivery;

    Shipments(Run run, Delivery delivery) {
        this.run = run;
        this.delivery = delivery;
    }

    void make() {
        try (Delivery.Writing file =
                delivery.begin(RetailSource.SHIPMENTS, "shipments", Delivery.Arrival.onTime(run.lastDay()))) {
            for (LocalDate day = run.start(); !day.isAfter(run.lastDay()); day = day.plusDays(1)) {
                day(file, day);
            }
        }
    }

    private void day(Delivery.Writing file, LocalDate day) {
        int rows = Run.rows(RetailSource.SHIPMENTS, day, run.sizes());
        int orders = Orders.distinct(day, run.sizes());
        Dice dice = run.dice("shipment faults").row(day.toEpochDay());
        Planting faults = new Planting(rows).plant(Anomaly.IN_TRANSIT, dice).plant(Anomaly.LATE_AGAINST_SLA, dice);
        for (int row = 0; row < rows; row++) {
            long id = Run.firstKey(day) + row;
            Dice of = run.dice("shipments").row(id);
            Anomaly fault = faults.at(row);
            long shipped = day.toEpochDay() * 86_400 + 21_600 + of.below(64_800);
            RowWriter out = file.rows();
            out.number(id);
            out.number(Run.firstKey(day) + row % orders);
            out.text(of.oneOf(CARRIERS));
            out.time(shipped, 0);
            if (fault == Anomaly.IN_TRANSIT) {
                out.missing();
            } else if (fault == Anomaly.LATE_AGAINST_SLA) {
                out.time(shipped + SLA_SECONDS + of.between(1, 6 * 86_400), 0);
            } else {
                out.time(shipped + of.between(86_400, SLA_SECONDS - 1), 0);
            }
            out.decimal(of.between(350, 4_500), 2);
            if (fault == null) {
                file.endRow();
            } else {
                file.endRow(fault);
            }
        }
    }
}
