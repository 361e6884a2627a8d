-- The newest row of each shipment.
SELECT *
FROM bronze.shipments
QUALIFY row_number() OVER (
    PARTITION BY shipment_id
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
