-- What each tenant, service and day cost: BigQuery's dialect, run there as it is and elsewhere transpiled.
-- `billing_export` is the cloud's export. Wanted are the days from @first to @last, and every day, however long ago, of which a row
-- was exported since @exported_since: Google restates what it said. A wanted day comes whole.
-- Labels and credits are looked at each in a subquery of its own: joined, they would multiply the rows.
WITH line AS (
  SELECT
    DATE(b.usage_start_time) AS usage_date,
    IFNULL(b.invoice.month, FORMAT_DATE('%Y%m', DATE(b.usage_start_time))) AS invoice_month,
    IFNULL((SELECT MAX(l.value) FROM UNNEST(b.labels) AS l WHERE l.key = 'aipress-tenant-id'), '') AS tenant,
    IFNULL((SELECT MAX(l.value) FROM UNNEST(b.labels) AS l WHERE l.key = 'aipress-pool'), '') AS shared,
    IFNULL(b.service.description, '') AS service,
    IFNULL(b.sku.description, '') AS sku,
    IFNULL(b.usage.pricing_unit, '') AS unit,
    IFNULL(b.cost_type, 'regular') AS kind,
    b.currency AS currency,
    IFNULL(CAST(b.usage.amount_in_pricing_units AS NUMERIC), 0) AS amount,
    IFNULL(CAST(b.cost AS NUMERIC), 0) AS cost,
    IFNULL((SELECT SUM(CAST(c.amount AS NUMERIC)) FROM UNNEST(b.credits) AS c), 0) AS credits,
    b.export_time AS export_time
  FROM billing_export AS b
),
wanted AS (
  SELECT DISTINCT w.usage_date AS usage_date
  FROM line AS w
  WHERE w.usage_date BETWEEN @first AND @last OR w.export_time >= @exported_since
)
SELECT
  line.usage_date,
  line.invoice_month,
  line.tenant,
  line.shared,
  line.service,
  line.sku,
  line.unit,
  line.kind,
  line.currency,
  SUM(line.amount) AS amount,
  SUM(line.cost) AS cost,
  SUM(line.credits) AS credits,
  COUNT(*) AS lines,
  MAX(line.export_time) AS exported_at
FROM line
JOIN wanted ON wanted.usage_date = line.usage_date
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
