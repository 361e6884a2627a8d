package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shelves' readings of a month, or of those of its days that the run has: a file for each store that has shelves. */
final class Sensors {
    private static final int SHELVES = 4;
    private final Run run;
    private final List<LocalDate> days;
    private final Delivery delivery;
    private final Dice dice;
    private final List<Long> stores = new ArrayList<>();

    Sensors(Run run, List<LocalDate> days, Delivery delivery) {
        this.run = run;
        this.days = List.copyOf(days);
        this.delivery = delivery;
        this.dice = run.dice("sensors");
        for (long store = 1; store <= Dimensions.count(RetailSource.STORES, run.sizes()); store++) {
            if (!Dimensions.web(store)) {
                stores.add(store);
            }
        }
    }

    void make() {
        List<Planting> faults = new ArrayList<>();
        for (LocalDate day : days) {
            Dice places = run.dice("sensor faults").row(day.toEpochDay());
            faults.add(new Planting(Run.rows(RetailSource.SENSORS, day, run.sizes()))
                    .plant(Anomaly.TEMPERATURE_OUT_OF_RANGE, places)
                    .plant(Anomaly.HUMIDITY_OUT_OF_RANGE, places)
                    .plant(Anomaly.MISSING_SENSOR_TIME, places));
        }
        LocalDate last = days.get(days.size() - 1);
        for (int i = 0; i < stores.size(); i++) {
            String name = "sensors/store_id=" + stores.get(i) + "/month=" + YearMonth.from(last) + "/sensors";
            try (Delivery.Writing file = delivery.begin(RetailSource.SENSORS, name, Delivery.Arrival.onTime(last))) {
                for (int day = 0; day < days.size(); day++) {
                    readings(file, i, days.get(day), faults.get(day));
                }
            }
        }
    }

    /** The rows of a day go to the stores in turn, and within a store to its shelves in turn. */
    private void readings(Delivery.Writing file, int store, LocalDate day, Planting faults) {
        int most = (faults.rows() + stores.size() - 1) / stores.size();
        int slots = (most + SHELVES - 1) / SHELVES;
        int reading = 0;
        for (int row = store; row < faults.rows(); row += stores.size()) {
            long slot = reading / SHELVES;
            long time = day.toEpochDay() * 86_400 + slot * 86_400 / Math.max(1, slots);
            reading(file, stores.get(store), reading % SHELVES, time, faults.at(row));
            reading++;
        }
    }

    private void reading(Delivery.Writing file, long store, int shelf, long time, @Nullable Anomaly fault) {
        Dice of = dice.row((time * SHELVES + shelf) * 1_000_003 + store);
        RowWriter out = file.rows();
        if (fault == Anomaly.MISSING_SENSOR_TIME) {
            out.missing();
        } else {
            out.time(time, 0);
        }
        out.number(store);
        out.text("SH-" + (shelf + 1));
        out.decimal(fault == Anomaly.TEMPERATURE_OUT_OF_RANGE ? of.between(9_000, 15_000) : of.between(200, 2_800), 2);
        out.decimal(fault == Anomaly.HUMIDITY_OUT_OF_RANGE ? of.between(10_100, 18_000) : of.between(2_500, 8_500), 2);
        out.number(of.between(2_900, 3_600));
        if (fault == null) {
            file.endRow();
        } else {
            file.endRow(fault);
        }
    }
}
