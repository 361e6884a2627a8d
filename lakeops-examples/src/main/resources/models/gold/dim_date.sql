-- Every day of the years that have orders.
WITH years AS (
    SELECT min(year(order_dt)) AS first, max(year(order_dt)) AS last FROM silver.order_lines
)

SELECT
    day::DATE AS date,
    year(day) AS year,
    quarter(day) AS quarter,
    month(day) AS month,
    monthname(day) AS month_name,
    weekofyear(day) AS iso_week,
    day(day) AS day_of_month,
    isodow(day) AS day_of_week,
    dayname(day) AS day_name,
    isodow(day) >= 6 AS is_weekend
FROM years, generate_series(make_date(first, 1, 1), make_date(last, 12, 31), INTERVAL 1 DAY) AS days(day)
