-- Where a day's observations went, and the sweeps that it was made without.
ALTER TABLE day_record ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day_record ADD COLUMN suppressed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE day_record ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
UPDATE day_record SET kept = observations;

CREATE TABLE skipped_sweep (
  day        INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  slot       INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  PRIMARY KEY (day, generation, slot)
) WITHOUT ROWID;
