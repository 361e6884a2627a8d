package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a day: files of headers, each with a file of its lines.
 *
 * <p>A day has two files of headers or more, so that an order's key can come again in another one.
 */
final class Orders {
    private static final int HEADERS_A_FILE = 50_000;
    private static final long UNKNOWN = 900_000_000L;
    private static final String[] PAYMENTS = {"card", "card", "paypal", "cash", "gift_card", "bank_transfer"};
    private static final String[] COUPONS = {"WELCOME10", "AUTUMN24", "FREESHIP", "VIP20"};
    private static final Duration LATE = Duration.ofHours(24);

    private final Run run;
    private final LocalDate day;
    private final Scale scale;
    private final Delivery delivery;
    private final int orders;
    private final int again;
    private final byte[] lines;
    private final Dice headerDice;
    private final Dice lineDice;

    Orders(Run run, LocalDate day, Delivery delivery) {
        this.run = run;
        this.day = day;
        this.scale = run.sizes();
        this.delivery = delivery;
        this.headerDice = run.dice("headers");
        this.lineDice = run.dice("lines");
        int headers = Run.rows(RetailSource.ORDERS_HEADER, day, scale);
        this.again = Anomaly.DUPLICATE_ORDER.among(headers);
        this.orders = headers - again;
        this.lines = new byte[orders];
        spreadLines();
    }

    /** How many different orders a day has; they are numbered from its first key on. */
    static int distinct(LocalDate day, Scale scale) {
        int headers = Run.rows(RetailSource.ORDERS_HEADER, day, scale);
        return headers - Anomaly.DUPLICATE_ORDER.among(headers);
    }

    /** How many files of headers a day has. */
    static int files(LocalDate day, Scale scale) {
        return Math.max(2, (distinct(day, scale) + HEADERS_A_FILE - 1) / HEADERS_A_FILE);
    }

    /** The product of an order's first line. */
    static long firstProduct(Run run, long order) {
        return product(run, run.dice("lines").row(order * 256 + 1));
    }

    private static long product(Run run, Dice dice) {
        return 1L + dice.skewed(Dimensions.count(RetailSource.PRODUCTS, run.sizes()));
    }

    /** Gives each order a line, and the rest to orders at random. */
    private void spreadLines() {
        int left = Run.rows(RetailSource.ORDERS_LINES, day, scale);
        Dice dice = run.dice("lines of orders").row(day.toEpochDay());
        for (int i = 0; i < orders && left > 0; i++, left--) {
            lines[i] = 1;
        }
        while (left > 0) {
            int order = dice.below(orders);
            if (lines[order] < Byte.MAX_VALUE) {
                lines[order]++;
                left--;
            }
        }
    }

    void make() {
        Dice dice = run.dice("order faults").row(day.toEpochDay());
        Planting headerFaults = new Planting(orders)
                .plant(Anomaly.UNKNOWN_CUSTOMER, dice)
                .plant(Anomaly.UNKNOWN_STORE, dice)
                .plant(Anomaly.UNPARSABLE_ORDER, dice);
        Planting lineFaults = new Planting(Run.rows(RetailSource.ORDERS_LINES, day, scale))
                .plant(Anomaly.UNKNOWN_PRODUCT, dice)
                .plant(Anomaly.NEGATIVE_QUANTITY, dice)
                .plant(Anomaly.ZERO_PRICE, dice)
                .plant(Anomaly.UNPARSABLE_LINE, dice);
        int files = files(day, scale);
        int line = 0;
        for (int file = 0; file < files; file++) {
            int from = (int) ((long) orders * file / files);
            int to = (int) ((long) orders * (file + 1) / files);
            headers(file, from, to, headerFaults, file == files - 1);
            line = lines(file, from, to, lineFaults, line);
        }
    }

    private String name(RetailSource source, int file) {
        return "orders/order_dt=" + day + "/" + source.sourceName() + "_"
                + String.format(java.util.Locale.ROOT, "%03d", file + 1);
    }

    /**
     * The late files come a day after their time: of the run's days, the last one first, the last file of lines and its
     * headers, then the last but one, and so on. So a run's first late file comes after all that is in time.
     */
    private Delivery.Arrival arrival(RetailSource source, int file) {
        int files = files(day, scale);
        long place = ((long) (files - 1 - file) * run.days() + (run.lastDay().toEpochDay() - day.toEpochDay())) * 2
                + (source == RetailSource.ORDERS_LINES ? 0 : 1);
        Instant due = Run.arrival(day);
        return place < run.late() ? new Delivery.Arrival(due.plus(LATE), true) : new Delivery.Arrival(due, false);
    }

    private void headers(int number, int from, int to, Planting faults, boolean last) {
        RetailSource source = RetailSource.ORDERS_HEADER;
        try (Delivery.Writing file = delivery.begin(source, name(source, number), arrival(source, number))) {
            for (int order = from; order < to; order++) {
                header(file, order, faults.at(order), headerDice);
            }
            if (last) {
                Dice dice = run.dice("orders again").row(day.toEpochDay());
                Dice changed = run.dice("headers again");
                for (int i = 0; i < again; i++) {
                    int order = faults.claim(Anomaly.DUPLICATE_ORDER, 0, from, dice);
                    header(file, order, Anomaly.DUPLICATE_ORDER, changed);
                }
            }
        }
    }

    private void header(Delivery.Writing file, int order, @Nullable Anomaly fault, Dice dice) {
        long id = Run.firstKey(day) + order;
        Dice of = dice.row(id);
        long store = 1L + of.below(Dimensions.count(RetailSource.STORES, scale));
        long customer = 1L + of.skewed(Dimensions.count(RetailSource.CUSTOMERS, scale));
        int offset = Dimensions.offsetMinutes(store);
        long local = day.toEpochDay() * 86_400 + 21_600 + of.below(61_200);
        RowWriter out = file.rows();
        boolean badKey = fault == Anomaly.UNPARSABLE_ORDER && of.percent(50);
        if (badKey) {
            out.broken("ORD-" + id);
        } else {
            out.number(id);
        }
        if (fault == Anomaly.UNPARSABLE_ORDER && !badKey) {
            out.broken(day + "T25:61:00");
        } else {
            out.time(local - offset * 60L, offset);
        }
        out.date(day.toEpochDay());
        out.number(fault == Anomaly.UNKNOWN_CUSTOMER ? UNKNOWN + customer : customer);
        out.number(fault == Anomaly.UNKNOWN_STORE ? UNKNOWN + store : store);
        boolean web = Dimensions.web(store);
        out.text(web ? "web" : "pos");
        out.text(of.oneOf(PAYMENTS));
        if (of.percent(20)) {
            out.text(of.oneOf(COUPONS));
        } else {
            out.missing();
        }
        out.decimal(web ? 495 + 100L * of.below(15) : 0, 2);
        out.text(of.percent(95) ? "AUD" : "USD");
        end(file, fault);
    }

    private int lines(int number, int from, int to, Planting faults, int firstLine) {
        RetailSource source = RetailSource.ORDERS_LINES;
        int row = firstLine;
        try (Delivery.Writing file = delivery.begin(source, name(source, number), arrival(source, number))) {
            for (int order = from; order < to; order++) {
                for (int line = 1; line <= lines[order]; line++) {
                    line(file, Run.firstKey(day) + order, line, faults.at(row++));
                }
            }
        }
        return row;
    }

    private void line(Delivery.Writing file, long order, int line, @Nullable Anomaly fault) {
        Dice of = lineDice.row(order * 256 + line);
        long product = product(run, of);
        int quantity = 1 + of.skewed(6);
        RowWriter out = file.rows();
        boolean badKey = fault == Anomaly.UNPARSABLE_LINE && of.percent(50);
        if (badKey) {
            out.broken("ORD-" + order);
        } else {
            out.number(order);
        }
        if (fault == Anomaly.UNPARSABLE_LINE && !badKey) {
            out.broken("line " + line);
        } else {
            out.number(line);
        }
        out.number(fault == Anomaly.UNKNOWN_PRODUCT ? UNKNOWN + product : product);
        out.number(fault == Anomaly.NEGATIVE_QUANTITY ? -quantity : quantity);
        out.decimal(fault == Anomaly.ZERO_PRICE ? 0 : Dimensions.price(product), 4);
        out.decimal(of.percent(25) ? 500L * of.between(1, 6) : 0, 4);
        out.decimal(of.percent(90) ? 1_000 : 0, 4);
        end(file, fault);
    }

    private static void end(Delivery.Writing file, @Nullable Anomaly fault) {
        if (fault == null) {
            file.endRow();
        } else {
            file.endRow(fault);
        }
    }
}
