-- One row a customer. Who did not consent is a key without a person: no name, address, birthday or place.
SELECT
    customer_id AS customer_key,
    natural_key,
    CASE WHEN gdpr_consent THEN first_name ELSE 'REDACTED' END AS first_name,
    CASE WHEN gdpr_consent THEN last_name ELSE 'REDACTED' END AS last_name,
    CASE WHEN gdpr_consent THEN email ELSE 'REDACTED' END AS email,
    CASE WHEN gdpr_consent THEN phone ELSE 'REDACTED' END AS phone,
    CASE WHEN gdpr_consent THEN address_line1 ELSE 'REDACTED' END AS address_line1,
    CASE WHEN gdpr_consent THEN address_line2 ELSE 'REDACTED' END AS address_line2,
    CASE WHEN gdpr_consent THEN postcode ELSE 'REDACTED' END AS postcode,
    CASE WHEN gdpr_consent THEN latitude END AS latitude,
    CASE WHEN gdpr_consent THEN longitude END AS longitude,
    CASE WHEN gdpr_consent THEN birth_date END AS birth_date,
    city,
    state_region,
    country_code,
    join_ts,
    is_vip,
    coalesce(gdpr_consent, false) AS gdpr_consent
FROM silver.customers
