package io.lakeops.examples.generate;

import io.lakeops.examples.retail.RetailSource;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Customers, products, stores, suppliers and exchange rates. They depend on the scale alone, so that a delivery that
 * comes again has the same bytes.
 */
final class Dimensions {
    private static final long SEED = 20_200_101;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String[] FIRST = {
        "Ava", "Noah", "Mia", "Jack", "Zoë", "Liam", "Chloé", "Oliver", "Grace", "Lucas", "Ruby", "Ethan", "Anaïs",
        "José", "Priya", "Wei", "Hana", "Omar", "Søren", "Ngaire"
    };
    private static final String[] LAST = {
        "Smith",
        "Nguyen",
        "O'Brien",
        "Müller",
        "Patel",
        "Wang",
        "García",
        "Kowalski",
        "Taylor",
        "Ōtani",
        "Brown",
        "Singh",
        "Dubois",
        "Rossi",
        "Jones",
        "Al-Sayed",
        "Walker",
        "Ilić",
        "Martin",
        "Thompson"
    };
    private static final String[] STREETS = {
        "George Street", "High Street", "Station Road", "Beach Parade", "Mill Lane", "Victoria Avenue", "Ocean Drive"
    };
    private static final String[] CITIES = {"Sydney", "Melbourne", "Brisbane", "Adelaide", "Perth", "Hobart", "Darwin"};
    private static final String[] STATES = {"NSW", "VIC", "QLD", "SA", "WA", "TAS", "NT"};
    private static final String[] REGIONS = {"East", "South", "North", "Central", "West", "South", "North"};
    private static final int[] OFFSETS = {600, 600, 600, 570, 480, 600, 570};
    private static final String[] CATEGORIES = {"Grocery", "Home", "Garden", "Toys", "Sport", "Books", "Beauty"};
    private static final String[] SUBCATEGORIES = {"Basics", "Premium", "Seasonal", "Clearance", "Imported"};
    private static final String[] ADJECTIVES = {"Blue", "Compact", "Organic", "Classic", "Heavy", "Soft", "Smart"};
    private static final String[] NOUNS = {"Kettle", "Lamp", "Rope", "Granola", "Racket", "Atlas", "Soap", "Basket"};
    private static final String[] COUNTRIES = {"AU", "NZ", "CN", "DE", "VN", "US"};

    private final Scale scale;
    private final Delivery delivery;
    private final Delivery.Arrival arrival;

    Dimensions(Scale scale, Delivery delivery, Delivery.Arrival arrival) {
        this.scale = scale;
        this.delivery = delivery;
        this.arrival = arrival;
    }

    static int count(RetailSource source, Scale scale) {
        return source == RetailSource.EXCHANGE_RATES
                ? Math.toIntExact(source.rowsAtFullScale())
                : scale.ofDimension(source.rowsAtFullScale());
    }

    /** Every fifth store is a web shop. */
    static boolean web(long store) {
        return store % 5 == 0;
    }

    /** The hours of a store's clock before UTC's, in minutes; nobody saves daylight. */
    static int offsetMinutes(long store) {
        return OFFSETS[(int) (store % STATES.length)];
    }

    /** A product's price in ten-thousandths. */
    static long price(long product) {
        Dice dice = new Dice(SEED, "price").row(product);
        return 10_000L * (1 + dice.skewed(300)) + 100L * dice.below(100);
    }

    void make() {
        customers();
        products();
        stores();
        suppliers();
        exchangeRates();
    }

    private void customers() {
        int count = count(RetailSource.CUSTOMERS, scale);
        Dice dice = new Dice(SEED, "customer faults");
        Planting faults = new Planting(count)
                .plant(Anomaly.MALFORMED_EMAIL, dice)
                .plant(Anomaly.DUPLICATE_NATURAL_KEY, dice)
                .plant(Anomaly.MISSING_PHONE, dice)
                .plant(Anomaly.MISSING_ADDRESS, dice);
        try (Delivery.Writing file = delivery.begin(RetailSource.CUSTOMERS, "customers", arrival)) {
            RowWriter out = file.rows();
            for (int row = 0; row < count; row++) {
                Anomaly fault = faults.at(row);
                Dice of = new Dice(SEED, "customers").row(row);
                long key = fault == Anomaly.DUPLICATE_NATURAL_KEY ? faults.sound(of) : row;
                String first = of.oneOf(FIRST);
                String last = of.oneOf(LAST);
                int place = of.below(CITIES.length);
                out.number(row + 1L);
                out.text("CUST-" + code(key, 8));
                out.text(first);
                out.text(last);
                out.text("customer" + (row + 1) + (fault == Anomaly.MALFORMED_EMAIL ? ".example.com" : "@example.com"));
                textUnless(fault == Anomaly.MISSING_PHONE, "+61 4" + (10_000_000 + of.below(89_999_999)), out);
                String unit = of.percent(5) ? "Unit " + of.between(1, 40) + ", \"The Mill\", " : "";
                textUnless(fault == Anomaly.MISSING_ADDRESS, unit + of.between(1, 400) + " " + of.oneOf(STREETS), out);
                textUnless(of.percent(80), "Level " + of.between(1, 30), out);
                out.text(CITIES[place]);
                out.text(STATES[place]);
                out.text(String.valueOf(2_000 + of.below(5_000)));
                out.text("AU");
                out.decimal(-of.between(12_000_000, 43_000_000), 6);
                out.decimal(of.between(114_000_000, 153_000_000), 6);
                out.date(of.between(-10_957, 13_000));
                out.time(1_420_070_400L + of.below(283_996_800), 0);
                out.flag(of.percent(8));
                out.flag(of.percent(85));
                end(file, fault);
            }
        }
    }

    private void products() {
        int count = count(RetailSource.PRODUCTS, scale);
        Dice dice = new Dice(SEED, "product faults");
        Planting faults = new Planting(count)
                .plant(Anomaly.MISSING_PRICE, dice)
                .plant(Anomaly.NEGATIVE_PRICE, dice)
                .plant(Anomaly.DISCONTINUED_WITHOUT_DATE, dice);
        try (Delivery.Writing file = delivery.begin(RetailSource.PRODUCTS, "products", arrival)) {
            RowWriter out = file.rows();
            for (int row = 0; row < count; row++) {
                Anomaly fault = faults.at(row);
                Dice of = new Dice(SEED, "products").row(row);
                out.number(row + 1L);
                out.text("SKU-" + code(row, 6));
                out.text(of.oneOf(ADJECTIVES) + " " + of.oneOf(NOUNS) + " " + of.between(1, 99));
                out.text(of.oneOf(CATEGORIES));
                out.text(of.oneOf(SUBCATEGORIES));
                if (fault == Anomaly.MISSING_PRICE) {
                    out.missing();
                } else {
                    out.decimal(fault == Anomaly.NEGATIVE_PRICE ? -price(row + 1L) : price(row + 1L), 4);
                }
                out.text("AUD");
                boolean undated = fault == Anomaly.DISCONTINUED_WITHOUT_DATE;
                boolean discontinued = undated || of.percent(6);
                int introduced = of.between(16_000, 19_000);
                out.flag(discontinued);
                out.date(introduced);
                if (discontinued && !undated) {
                    out.date(introduced + of.between(30, 800));
                } else {
                    out.missing();
                }
                end(file, fault);
            }
        }
    }

    private void stores() {
        int count = count(RetailSource.STORES, scale);
        Dice dice = new Dice(SEED, "store faults");
        Planting faults = new Planting(count)
                .plant(Anomaly.IMPOSSIBLE_COORDINATES, dice)
                .plant(Anomaly.DUPLICATE_STORE_CODE, dice);
        try (Delivery.Writing file = delivery.begin(RetailSource.STORES, "stores", arrival)) {
            RowWriter out = file.rows();
            for (int row = 0; row < count; row++) {
                Anomaly fault = faults.at(row);
                long store = row + 1L;
                Dice of = new Dice(SEED, "stores").row(row);
                int place = (int) (store % STATES.length);
                long coded = fault == Anomaly.DUPLICATE_STORE_CODE ? faults.sound(of) + 1L : store;
                out.number(store);
                out.text("ST-" + (100_000 + coded));
                out.text(CITIES[place] + (web(store) ? " Online " : " Store ") + store);
                out.text(web(store) ? "web" : "pos");
                out.text(REGIONS[place]);
                out.text(STATES[place]);
                boolean impossible = fault == Anomaly.IMPOSSIBLE_COORDINATES;
                out.decimal(impossible ? of.between(91_000_000, 200_000_000) : -of.between(12_000_000, 43_000_000), 6);
                out.decimal(
                        impossible ? of.between(181_000_000, 400_000_000) : of.between(114_000_000, 153_000_000), 6);
                int opened = of.between(14_000, 18_000);
                out.date(opened);
                if (of.percent(3)) {
                    out.date(opened + of.between(100, 1_500));
                } else {
                    out.missing();
                }
                end(file, fault);
            }
        }
    }

    private void suppliers() {
        try (Delivery.Writing file = delivery.begin(RetailSource.SUPPLIERS, "suppliers", arrival)) {
            RowWriter out = file.rows();
            for (int row = 0; row < count(RetailSource.SUPPLIERS, scale); row++) {
                Dice of = new Dice(SEED, "suppliers").row(row);
                out.number(row + 1L);
                out.text("SUP-" + (100_001 + row));
                out.text(of.oneOf(LAST) + " & " + of.oneOf(LAST) + ", Ltd");
                out.text(of.oneOf(COUNTRIES));
                out.number(of.between(1, 60));
                out.flag(of.percent(20));
                file.endRow();
            }
        }
    }

    /** What a US dollar costs, on each day of three years. */
    private void exchangeRates() {
        try (Delivery.Writing file = delivery.begin(RetailSource.EXCHANGE_RATES, "exchange_rates", arrival)) {
            RowWriter out = file.rows();
            long first = LocalDate.of(2022, 1, 1).toEpochDay();
            long rate = 138_000_000;
            Dice dice = new Dice(SEED, "exchange rates");
            for (int row = 0; row < count(RetailSource.EXCHANGE_RATES, scale); row++) {
                rate = Math.min(165_000_000, Math.max(125_000_000, rate + dice.between(-900_000, 900_000)));
                out.date(first + row);
                out.text("USD");
                out.decimal(rate, 8);
                file.endRow();
            }
        }
    }

    private static void end(Delivery.Writing file, @Nullable Anomaly fault) {
        if (fault == null) {
            file.endRow();
        } else {
            file.endRow(fault);
        }
    }

    private static void textUnless(boolean missing, String text, RowWriter out) {
        if (missing) {
            out.missing();
        } else {
            out.text(text);
        }
    }

    /** {@code length} letters and digits, another for each number: the step has no divisor in common with 36. */
    private static String code(long number, int length) {
        long span = 1;
        for (int i = 0; i < length; i++) {
            span *= 36;
        }
        long rest = (number * 1_299_709L + 7_368_787L) % span;
        char[] code = new char[length];
        for (int i = 0; i < length; i++) {
            code[i] = ALPHABET.charAt((int) (rest % 36));
            rest /= 36;
        }
        return new String(code);
    }
}
