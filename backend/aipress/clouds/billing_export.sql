-- Google's detailed usage cost export: what a table gcp_billing_export_resource_v1_<account> holds.
-- https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
-- A cloud that sends no bill of its own writes its rows in this shape, so that one query reads every cloud's.
CREATE TABLE billing_export (
  billing_account_id STRING,
  service STRUCT<id STRING, description STRING>,
  sku STRUCT<id STRING, description STRING>,
  usage_start_time TIMESTAMP,
  usage_end_time TIMESTAMP,
  project STRUCT<
    id STRING, number STRING, name STRING, labels ARRAY<STRUCT<key STRING, value STRING>>, ancestry_numbers STRING,
    ancestors ARRAY<STRUCT<resource_name STRING, display_name STRING>>
  >,
  labels ARRAY<STRUCT<key STRING, value STRING>>,
  system_labels ARRAY<STRUCT<key STRING, value STRING>>,
  location STRUCT<location STRING, country STRING, region STRING, zone STRING>,
  resource STRUCT<name STRING, global_name STRING>,
  tags ARRAY<STRUCT<key STRING, value STRING, inherited BOOL, namespace STRING>>,
  price STRUCT<effective_price NUMERIC, tier_start_amount NUMERIC, unit STRING, pricing_unit_quantity NUMERIC>,
  transaction_type STRING,
  seller_name STRING,
  subscription STRUCT<instance_id STRING>,
  export_time TIMESTAMP,
  cost FLOAT64,
  currency STRING,
  currency_conversion_rate FLOAT64,
  usage STRUCT<amount FLOAT64, unit STRING, amount_in_pricing_units FLOAT64, pricing_unit STRING>,
  credits ARRAY<STRUCT<name STRING, amount FLOAT64, full_name STRING, id STRING, type STRING>>,
  invoice STRUCT<month STRING, publisher_type STRING>,
  cost_type STRING,
  adjustment_info STRUCT<id STRING, description STRING, mode STRING, type STRING>,
  cost_at_list FLOAT64
)
