-- One row a person, channel and evidence, with a sorted array of slots.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
CREATE DATABASE day ENGINE = Atomic;
CREATE TABLE day.presence ENGINE = MergeTree ORDER BY tuple() AS
SELECT chatter, channel, evidence, arraySort(groupArray(slot)) AS slots
FROM (
  SELECT
    chatter, channel, evidence,
    toUInt16(toUInt16(substring(_file, 1, 2)) * 12 + intDiv(toUInt16(substring(_file, 3, 2)), 5)) AS slot
  FROM file(:files, CSVWithNames, 'sampled_at String, channel LowCardinality(String), chatter String,
    chatter_id String, role LowCardinality(String), evidence LowCardinality(String)')
)
GROUP BY chatter, channel, evidence
SETTINGS max_threads = :cores;
SELECT
  sum(length(slots)),
  uniqExact(chatter),
  sum(length(arraySplit((slot, begins) -> begins, slots, arrayMap((slot, i) -> i = 1 OR slots[i - 1] + 1 <> slot, slots, arrayEnumerate(slots)))))
FROM day.presence;
