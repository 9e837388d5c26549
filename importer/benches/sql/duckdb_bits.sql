-- One row a person, channel and evidence, with the day's slots as a bit string.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
SET threads = :cores;
SET preserve_insertion_order = false;
CREATE TABLE presence AS
SELECT chatter, channel, evidence, bitstring_agg(slot::INTEGER, 0, 287) AS slots
FROM (
  SELECT
    chatter, channel, evidence,
    (left(right(filename, 11), 2)::USMALLINT * 12 + left(right(filename, 9), 2)::USMALLINT // 5)::USMALLINT AS slot
  FROM read_csv(:files, auto_detect = false, header = true, delim = ',', filename = true, columns = {
    'sampled_at': 'VARCHAR', 'channel': 'VARCHAR', 'chatter': 'VARCHAR',
    'chatter_id': 'VARCHAR', 'role': 'VARCHAR', 'evidence': 'VARCHAR'
  })
)
GROUP BY ALL;
SELECT sum(bit_count(slots)), count(DISTINCT chatter), sum(bit_count(slots & ~(slots >> 1))) FROM presence;
