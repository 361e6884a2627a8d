-- The newest row of each event.
SELECT *
FROM bronze.events
QUALIFY row_number() OVER (
    PARTITION BY event_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
