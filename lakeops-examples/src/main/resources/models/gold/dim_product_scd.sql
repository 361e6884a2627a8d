-- Type 2: a row for each state that a product was delivered in, valid from one delivery to the next that differs.
WITH deliveries AS (
    SELECT
        *,
        lag(src_row_hash) OVER (PARTITION BY product_id ORDER BY ingestion_ts, src_filename, src_row_hash) AS before
    FROM bronze.products
),

states AS (
    SELECT * FROM deliveries WHERE src_row_hash IS DISTINCT FROM before
)

SELECT
    product_id AS product_key,
    row_number() OVER of_product AS version,
    sku,
    name,
    category,
    subcategory,
    current_price,
    currency,
    is_discontinued,
    introduced_dt,
    discontinued_dt,
    -- The first state holds for all that was before it was known.
    CASE WHEN row_number() OVER of_product = 1 THEN TIMESTAMPTZ '1970-01-01 00:00:00+00' ELSE ingestion_ts END AS valid_from,
    lead(ingestion_ts) OVER of_product AS valid_to,
    lead(ingestion_ts) OVER of_product IS NULL AS is_current
FROM states
WINDOW of_product AS (PARTITION BY product_id ORDER BY ingestion_ts, src_filename, src_row_hash)
