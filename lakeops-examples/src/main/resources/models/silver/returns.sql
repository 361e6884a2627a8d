-- The returns as they stand: bronze takes upserts and deletes by key.
SELECT *
FROM bronze.returns
QUALIFY row_number() OVER (
    PARTITION BY return_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
