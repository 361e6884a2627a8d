-- The newest rate of each currency and day.
SELECT *
FROM bronze.exchange_rates
QUALIFY row_number() OVER (
    PARTITION BY date, currency
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
