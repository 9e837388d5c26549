-- Gaps and islands by looking back: a row whose slot before is missing begins a run, and a running sum numbers the runs.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
SET threads = :cores;
SET preserve_insertion_order = false;
CREATE TABLE runs AS
SELECT chatter, channel, evidence, min(slot) AS first, max(slot) + 1 AS after
FROM (
  SELECT *, sum(begins) OVER (PARTITION BY chatter, channel, evidence ORDER BY slot) AS island
  FROM (
    SELECT *, CASE WHEN slot = 1 + lag(slot) OVER (PARTITION BY chatter, channel, evidence ORDER BY slot)
      THEN 0 ELSE 1 END AS begins
    FROM (
  SELECT
    chatter, channel, evidence,
    (left(right(filename, 11), 2)::USMALLINT * 12 + left(right(filename, 9), 2)::USMALLINT // 5)::USMALLINT AS slot
  FROM read_csv(:files, auto_detect = false, header = true, delim = ',', filename = true, columns = {
    'sampled_at': 'VARCHAR', 'channel': 'VARCHAR', 'chatter': 'VARCHAR',
    'chatter_id': 'VARCHAR', 'role': 'VARCHAR', 'evidence': 'VARCHAR'
  })
    )
  )
)
GROUP BY chatter, channel, evidence, island;
SELECT sum(after - first), count(DISTINCT chatter), count(*) FROM runs;
