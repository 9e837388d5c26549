-- One row a person, channel and evidence, with the day's 288 slots as the bits of five numbers: no sorting, no lists.
-- A run begins at every bit whose lower neighbour is not set.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
SET threads = :cores;
SET preserve_insertion_order = false;
CREATE TABLE presence AS
SELECT
  chatter, channel, evidence,
  bit_or(CASE WHEN slot >> 6 = 0 THEN 1::UBIGINT << (slot & 63)::UBIGINT ELSE 0 END) AS w0,
  bit_or(CASE WHEN slot >> 6 = 1 THEN 1::UBIGINT << (slot & 63)::UBIGINT ELSE 0 END) AS w1,
  bit_or(CASE WHEN slot >> 6 = 2 THEN 1::UBIGINT << (slot & 63)::UBIGINT ELSE 0 END) AS w2,
  bit_or(CASE WHEN slot >> 6 = 3 THEN 1::UBIGINT << (slot & 63)::UBIGINT ELSE 0 END) AS w3,
  bit_or(CASE WHEN slot >> 6 = 4 THEN 1::UBIGINT << (slot & 63)::UBIGINT ELSE 0 END) AS w4
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
SELECT
  sum(bit_count(w0)::BIGINT + bit_count(w1) + bit_count(w2) + bit_count(w3) + bit_count(w4)),
  count(DISTINCT chatter),
  sum(
    bit_count(w0 & ~((w0 & 9223372036854775807) << 1))::BIGINT
    + bit_count(w1 & ~(((w1 & 9223372036854775807) << 1) | (w0 >> 63)))
    + bit_count(w2 & ~(((w2 & 9223372036854775807) << 1) | (w1 >> 63)))
    + bit_count(w3 & ~(((w3 & 9223372036854775807) << 1) | (w2 >> 63)))
    + bit_count(w4 & ~(((w4 & 9223372036854775807) << 1) | (w3 >> 63)))
  )
FROM presence;
