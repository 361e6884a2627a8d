package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import io.lakeops.table.Schema;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * Two batches a day of what happened to returns: new ones; then, of these, six in a hundred that change and four that
 * are deleted. From the run's second day on they have the column {@code return_reason_code}.
 *
 * <p>A batch touches no return twice.
 */
final class Returns {
    private static final String[] REASONS = {"damaged", "wrong size", "not as described", "changed mind", "too late"};
    private static final int FEW = 20;
    private final Run run;
    private final Delivery delivery;

    Returns(Run run, Delivery delivery) {
        this.run = run;
        this.delivery = delivery;
    }

    void make() {
        for (int number = 0; number < run.days(); number++) {
            LocalDate day = run.start().plusDays(number);
            boolean coded = number > 0;
            Planting faults = faults(day);
            try (Delivery.Writing file = begin(2 * number + 1, day, coded)) {
                for (int row = 0; row < faults.rows(); row++) {
                    create(file, day, row, faults, coded);
                }
            }
            if (changes(day) > 0) {
                try (Delivery.Writing file = begin(2 * number + 2, day, coded)) {
                    touch(file, day, faults, coded);
                }
            }
        }
    }

    private Delivery.Writing begin(int batch, LocalDate day, boolean coded) {
        Schema columns = coded
                ? RetailSource.RETURNS.columnsWith(RetailSource.RETURN_REASON_CODE)
                : RetailSource.RETURNS.columns();
        String name = "returns/returns_" + String.format(Locale.ROOT, "%03d", batch);
        return delivery.begin(RetailSource.RETURNS, name, columns, Delivery.Arrival.onTime(day));
    }

    private int changes(LocalDate day) {
        return share(day, 6);
    }

    private int deletes(LocalDate day) {
        return share(day, 4);
    }

    private int share(LocalDate day, int percent) {
        int rows = Run.rows(RetailSource.RETURNS, day, run.sizes());
        return rows < FEW ? 0 : Math.max(1, rows * percent / 100);
    }

    /** The faults among a day's new returns. */
    private Planting faults(LocalDate day) {
        int rows = Run.rows(RetailSource.RETURNS, day, run.sizes()) - changes(day) - deletes(day);
        return new Planting(rows)
                .plant(Anomaly.UNPARSABLE_RETURN, run.dice("return faults").row(day.toEpochDay()));
    }

    private void create(Delivery.Writing file, LocalDate day, int row, Planting faults, boolean coded) {
        long id = Run.firstKey(day) + row;
        Dice of = run.dice("returns").row(id);
        Anomaly fault = faults.at(row);
        boolean badKey = fault != null && of.percent(50);
        RowWriter out = file.rows();
        out.text("upsert");
        if (badKey) {
            out.broken("RET-" + id);
        } else {
            out.number(id);
        }
        order(out, day, of);
        rest(out, day, fault != null && !badKey, of, coded);
        if (fault == null) {
            file.endRow();
        } else {
            file.endRow(fault);
        }
    }

    private void order(RowWriter out, LocalDate day, Dice of) {
        long order = Run.firstKey(day) + of.below(Orders.distinct(day, run.sizes()));
        out.number(order);
        out.number(Orders.firstProduct(run, order));
    }

    private void rest(RowWriter out, LocalDate day, boolean badTime, Dice of, boolean coded) {
        if (badTime) {
            out.broken(day + " 99:00:00");
        } else {
            out.time(day.toEpochDay() * 86_400 + of.below(86_400), 0);
        }
        out.number(of.between(1, 3));
        int reason = of.below(REASONS.length);
        out.text(REASONS[reason]);
        if (coded) {
            out.text("R" + (10 + reason));
        }
    }

    /** Changes and deletes returns of the day that had no fault. */
    private void touch(Delivery.Writing file, LocalDate day, Planting faults, boolean coded) {
        BitSet taken = new BitSet();
        Dice dice = run.dice("return changes").row(day.toEpochDay());
        int changes = changes(day);
        int[] targets = new int[changes + deletes(day)];
        Arrays.setAll(targets, i -> free(faults, taken, dice));
        for (int i = 0; i < targets.length; i++) {
            long id = Run.firstKey(day) + targets[i];
            boolean delete = i >= changes;
            RowWriter out = file.rows();
            out.text(delete ? "delete" : "upsert");
            out.number(id);
            if (delete) {
                out.missing();
                out.missing();
                out.time(day.toEpochDay() * 86_400 + dice.below(86_400), 0);
                out.missing();
                out.missing();
                if (coded) {
                    out.missing();
                }
            } else {
                order(out, day, run.dice("returns").row(id));
                rest(out, day, false, dice, coded);
            }
            file.endRow();
        }
    }

    private static int free(Planting rows, BitSet taken, Dice dice) {
        int row = rows.sound(dice);
        while (taken.get(row) || rows.at(row) != null) {
            row = (row + 1) % rows.rows();
        }
        taken.set(row);
        return row;
    }
}
