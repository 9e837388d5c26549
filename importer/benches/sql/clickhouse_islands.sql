-- The classic of gaps and islands: within a run, slot less row number is the same.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
CREATE DATABASE day ENGINE = Atomic;
CREATE TABLE day.presence ENGINE = MergeTree ORDER BY tuple() AS
SELECT chatter, channel, evidence, min(slot) AS first, max(slot) + 1 AS after
FROM (
  SELECT
    chatter, channel, evidence, slot,
    toInt32(slot) - toInt32(row_number() OVER (PARTITION BY chatter, channel, evidence ORDER BY slot)) AS island
  FROM (
  SELECT
    chatter, channel, evidence,
    toUInt16(toUInt16(substring(_file, 1, 2)) * 12 + intDiv(toUInt16(substring(_file, 3, 2)), 5)) AS slot
  FROM file(:files, CSVWithNames, 'sampled_at String, channel LowCardinality(String), chatter String,
    chatter_id String, role LowCardinality(String), evidence LowCardinality(String)')
  )
)
GROUP BY chatter, channel, evidence, island
SETTINGS max_threads = :cores;
SELECT sum(after - first), uniqExact(chatter), count() FROM day.presence;
