-- The newest row of each supplier.
SELECT *
FROM bronze.suppliers
QUALIFY row_number() OVER (
    PARTITION BY supplier_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
