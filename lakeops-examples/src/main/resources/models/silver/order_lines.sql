-- The newest row of each order line.
SELECT *
FROM bronze.order_lines
QUALIFY row_number() OVER (
    PARTITION BY order_id, line_number
    ORDER BY ingestion_ts DESC, src_filename DESC, src_row_hash DESC
) = 1
