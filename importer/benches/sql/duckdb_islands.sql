-- The classic of gaps and islands: within a run, slot less row number is the same.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
SET threads = :cores;
SET preserve_insertion_order = false;
CREATE TABLE runs AS
SELECT chatter, channel, evidence, min(slot) AS first, max(slot) + 1 AS after
FROM (
  SELECT *, slot::INTEGER - row_number() OVER (PARTITION BY chatter, channel, evidence ORDER BY slot) AS island
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
GROUP BY chatter, channel, evidence, island;
SELECT sum(after - first), count(DISTINCT chatter), count(*) FROM runs;
