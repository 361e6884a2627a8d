-- The newest row of each store.
SELECT *
FROM bronze.stores
QUALIFY row_number() OVER (
    PARTITION BY store_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
