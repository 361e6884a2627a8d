package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import java.time.LocalDate;
import java.util.Locale;

/** What visitors did on a day: an envelope, and a payload whose members depend on the type. */
final class Events {
    private static final int EVENTS_A_FILE = 50_000;
    private static final String[] TYPES = {"page_view", "page_view", "search", "add_to_cart", "checkout", "purchase"};
    private static final String[] WORDS = {"lamp", "rope", "red kettle", "gift", "soap", "racket"};

    private final Run run;
    private final LocalDate day;
    private final Delivery delivery;
    private final Dice dice;

    Events(Run run, LocalDate day, Delivery delivery) {
        this.run = run;
        this.day = day;
        this.delivery = delivery;
        this.dice = run.dice("events");
    }

    void make() {
        int rows = Run.rows(RetailSource.EVENTS, day, run.sizes());
        Dice places = run.dice("event faults").row(day.toEpochDay());
        Planting faults =
                new Planting(rows).plant(Anomaly.MALFORMED_JSON, places).plant(Anomaly.MISSING_ENVELOPE_FIELD, places);
        int files = Math.max(1, (rows + EVENTS_A_FILE - 1) / EVENTS_A_FILE);
        for (int file = 0; file < files; file++) {
            String name = "events/event_dt=" + day + "/events_" + String.format(Locale.ROOT, "%03d", file + 1);
            try (Delivery.Writing writing = delivery.begin(RetailSource.EVENTS, name, Delivery.Arrival.onTime(day))) {
                int to = (int) ((long) rows * (file + 1) / files);
                for (int row = (int) ((long) rows * file / files); row < to; row++) {
                    event(writing, row, faults);
                }
            }
        }
    }

    private void event(Delivery.Writing file, int row, Planting faults) {
        long id = Run.firstKey(day) + row;
        Dice of = dice.row(id);
        Anomaly fault = faults.at(row);
        boolean first = of.percent(50);
        long time = day.toEpochDay() * 86_400 + (long) row * 86_400 / faults.rows();
        RowWriter out = file.rows();
        if (fault == Anomaly.MISSING_ENVELOPE_FIELD && first) {
            out.missing();
        } else {
            out.number(id);
        }
        if (fault == Anomaly.MISSING_ENVELOPE_FIELD && !first) {
            out.missing();
        } else if (fault == Anomaly.MALFORMED_JSON) {
            out.broken("\"" + day + "T");
        } else {
            out.time(time, 0);
        }
        String type = of.oneOf(TYPES);
        out.text(type);
        out.number(1L + of.skewed(Dimensions.count(RetailSource.CUSTOMERS, run.sizes())));
        out.text("s-" + Long.toHexString(of.next()));
        out.text(payload(type, of));
        if (fault == null) {
            file.endRow();
        } else {
            file.endRow(fault);
        }
    }

    private String payload(String type, Dice of) {
        int product = 1 + of.skewed(Dimensions.count(RetailSource.PRODUCTS, run.sizes()));
        return switch (type) {
            case "page_view" -> "\"page\":\"/p/" + product + "\",\"ms\":" + of.between(5, 4_000);
            case "search" -> "\"query\":\"" + of.oneOf(WORDS) + "\",\"hits\":" + of.skewed(200);
            case "add_to_cart" -> "\"product_id\":" + product + ",\"qty\":" + of.between(1, 5);
            case "checkout" -> "\"cart\":{\"items\":" + of.between(1, 9) + ",\"express\":" + of.percent(30) + "}";
            default -> "\"products\":[" + product + "," + (product + 1) + "],\"coupon\":null";
        };
    }
}
