-- The newest row of each product; gold.dim_product_scd keeps the older ones.
SELECT *
FROM bronze.products
QUALIFY row_number() OVER (
    PARTITION BY product_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
