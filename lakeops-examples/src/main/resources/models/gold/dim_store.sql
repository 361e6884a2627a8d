-- One row a store; coordinates that can't be on Earth are none.
SELECT
    store_id AS store_key,
    store_code,
    name,
    channel,
    region,
    state,
    CASE WHEN abs(latitude) <= 90 AND abs(longitude) <= 180 THEN latitude END AS latitude,
    CASE WHEN abs(latitude) <= 90 AND abs(longitude) <= 180 THEN longitude END AS longitude,
    open_dt,
    close_dt,
    close_dt IS NULL AS is_open
FROM silver.stores
