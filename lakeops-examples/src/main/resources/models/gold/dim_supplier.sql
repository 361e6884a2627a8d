-- One row a supplier.
SELECT supplier_id AS supplier_key, supplier_code, name, country_code, lead_time_days, preferred
FROM silver.suppliers
