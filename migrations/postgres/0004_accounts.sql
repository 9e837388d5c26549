-- Where a day's observations went, and the sweeps that it was made without.
ALTER TABLE day_record ADD COLUMN kept int8 NOT NULL DEFAULT 0;
ALTER TABLE day_record ADD COLUMN suppressed int8 NOT NULL DEFAULT 0;
ALTER TABLE day_record ADD COLUMN joined int8 NOT NULL DEFAULT 0;
UPDATE day_record SET kept = observations;

CREATE TABLE skipped_sweep (
  day        int4 NOT NULL,
  generation int4 NOT NULL,
  slot       int4 NOT NULL,
  reason     text NOT NULL,
  PRIMARY KEY (day, generation, slot)
);
