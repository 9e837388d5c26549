-- What comparing an imported day with its archive found. Only that of the generation held is told.
CREATE TABLE verification (
  day          INTEGER NOT NULL,
  generation   INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  seed         INTEGER NOT NULL,                    -- 64 bits, as a signed number
  viewers      INTEGER NOT NULL,                    -- checked
  channels     INTEGER NOT NULL,                    -- checked
  failures     INTEGER NOT NULL,
  observations INTEGER NOT NULL,                    -- read from the archive
  ok           INTEGER NOT NULL,
  reason       TEXT NOT NULL,                       -- of the first failures; it names no viewer
  PRIMARY KEY (day, generation)
) WITHOUT ROWID;
