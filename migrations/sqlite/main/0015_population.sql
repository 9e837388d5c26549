-- What the nightly pass knows of everybody together: sums, and counts of ten people and more. One row, the youngest.
CREATE TABLE population (
  day        INTEGER PRIMARY KEY,                   -- the last of its days
  generation INTEGER NOT NULL,                      -- of that day
  version    INTEGER NOT NULL,                      -- POPULATION_VERSION
  made_at    INTEGER NOT NULL,
  made_ms    INTEGER NOT NULL,
  days       INTEGER NOT NULL,                      -- held of the 28 up to it
  data       TEXT NOT NULL                          -- Population, JSON
);
