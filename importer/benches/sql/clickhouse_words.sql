-- One row a person, channel and evidence, with the day's 288 slots as the bits of five numbers.
-- The slot is read from the object's name, which is the same for all its rows: cheaper than reading their times.
CREATE DATABASE day ENGINE = Atomic;
CREATE TABLE day.presence ENGINE = MergeTree ORDER BY tuple() AS
SELECT
  chatter, channel, evidence,
  groupBitOr(bitShiftLeft(toUInt64(bitShiftRight(slot, 6) = 0), bitAnd(slot, 63))) AS w0,
  groupBitOr(bitShiftLeft(toUInt64(bitShiftRight(slot, 6) = 1), bitAnd(slot, 63))) AS w1,
  groupBitOr(bitShiftLeft(toUInt64(bitShiftRight(slot, 6) = 2), bitAnd(slot, 63))) AS w2,
  groupBitOr(bitShiftLeft(toUInt64(bitShiftRight(slot, 6) = 3), bitAnd(slot, 63))) AS w3,
  groupBitOr(bitShiftLeft(toUInt64(bitShiftRight(slot, 6) = 4), bitAnd(slot, 63))) AS w4
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
  sum(bitCount(w0) + bitCount(w1) + bitCount(w2) + bitCount(w3) + bitCount(w4)),
  uniqExact(chatter),
  sum(
    bitCount(bitAnd(w0, bitNot(bitShiftLeft(w0, 1))))
    + bitCount(bitAnd(w1, bitNot(bitOr(bitShiftLeft(w1, 1), bitShiftRight(w0, 63)))))
    + bitCount(bitAnd(w2, bitNot(bitOr(bitShiftLeft(w2, 1), bitShiftRight(w1, 63)))))
    + bitCount(bitAnd(w3, bitNot(bitOr(bitShiftLeft(w3, 1), bitShiftRight(w2, 63)))))
    + bitCount(bitAnd(w4, bitNot(bitOr(bitShiftLeft(w4, 1), bitShiftRight(w3, 63)))))
  )
FROM day.presence;
