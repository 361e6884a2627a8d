-- The newest row of each order; bronze keeps the ones that came again.
SELECT *
FROM bronze.orders
QUALIFY row_number() OVER (
    PARTITION BY order_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
