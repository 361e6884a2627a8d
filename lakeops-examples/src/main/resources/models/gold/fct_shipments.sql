-- One row a shipment; five days were agreed, and what is under way is late once they are over.
SELECT
    shipment_id,
    order_id,
    carrier,
    shipped_at::DATE AS date,
    shipped_at,
    delivered_at,
    delivered_at IS NULL AS in_transit,
    date_diff('minute', shipped_at, delivered_at) / 60 AS hours_to_deliver,
    coalesce(delivered_at, getvariable('as_of')::TIMESTAMPTZ AT TIME ZONE 'UTC') - shipped_at > INTERVAL 5 DAYS AS is_late,
    ship_cost
FROM silver.shipments
