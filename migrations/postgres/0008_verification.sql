-- What comparing an imported day with its archive found. Only that of the generation held is told.
CREATE TABLE verification (
  day          int4 NOT NULL,
  generation   int4 NOT NULL,
  at           int8 NOT NULL,
  seed         int8 NOT NULL,
  viewers      int8 NOT NULL,
  channels     int8 NOT NULL,
  failures     int8 NOT NULL,
  observations int8 NOT NULL,
  ok           bool NOT NULL,
  reason       text NOT NULL,
  PRIMARY KEY (day, generation)
);
COMMENT ON COLUMN verification.seed IS '64 bits, as a signed number';
COMMENT ON COLUMN verification.reason IS 'of the first failures; it names no viewer';
