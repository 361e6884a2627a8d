-- The newest reading of a shelf at a time.
SELECT *
FROM bronze.sensors
QUALIFY row_number() OVER (
    PARTITION BY sensor_ts, store_id, shelf_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
