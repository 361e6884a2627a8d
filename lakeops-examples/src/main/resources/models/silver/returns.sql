-- The returns as they stand: of each the newest row, unless that deletes it.
SELECT * EXCLUDE (op)
FROM (
    SELECT *
    FROM bronze.returns
    QUALIFY row_number() OVER (
        PARTITION BY return_id
        ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
    ) = 1
)
WHERE op IS DISTINCT FROM 'delete'
