-- The newest row of each customer.
SELECT *
FROM bronze.customers
QUALIFY row_number() OVER (
    PARTITION BY customer_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
