-- What the nightly pass knows of everybody together: sums, and counts of ten people and more. One row, the youngest.
CREATE TABLE population (
  day        int4 PRIMARY KEY,
  generation int4 NOT NULL,
  version    int4 NOT NULL,
  made_at    int8 NOT NULL,
  made_ms    int8 NOT NULL,
  days       int4 NOT NULL,
  data       text NOT NULL
);
COMMENT ON COLUMN population.day IS 'the last of its days';
COMMENT ON COLUMN population.generation IS 'of that day';
COMMENT ON COLUMN population.version IS 'POPULATION_VERSION';
COMMENT ON COLUMN population.days IS 'held of the 28 up to it';
COMMENT ON COLUMN population.data IS 'Population, JSON';
