-- The readings of a shelf in an hour. What no shelf can have is counted, not averaged.
SELECT
    store_id AS store_key,
    shelf_id,
    date_trunc('hour', sensor_ts) AS hour,
    count(*) AS readings,
    count(*) FILTER (NOT plausible) AS implausible_readings,
    round(avg(temperature_c) FILTER (plausible), 2) AS avg_temperature_c,
    min(temperature_c) FILTER (plausible) AS min_temperature_c,
    max(temperature_c) FILTER (plausible) AS max_temperature_c,
    round(avg(humidity_pct) FILTER (plausible), 2) AS avg_humidity_pct,
    min(battery_mv) AS min_battery_mv
FROM (
    SELECT *, temperature_c BETWEEN -30 AND 60 AND humidity_pct BETWEEN 0 AND 100 AS plausible FROM silver.sensors
)
GROUP BY ALL
