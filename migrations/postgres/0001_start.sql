-- The tables of the SQLite folder in one database; docs/store-format.md describes them.
-- Days count from 1970-01-01, slots are five minutes from then; a span is [from_day, until_day).

CREATE TABLE meta (
  one     int4 PRIMARY KEY CHECK (one = 1),
  origin  text NOT NULL CHECK (origin IN ('simulated', 'real')),
  live_at int4
);

CREATE TABLE person (
  key       int4 PRIMARY KEY,
  twitch_id int8
);
CREATE UNIQUE INDEX person_by_id ON person (twitch_id) WHERE twitch_id IS NOT NULL;

-- COLLATE "C": the import merges in bytewise order.
CREATE TABLE login_span (
  login     text COLLATE "C" NOT NULL,
  from_day  int4 NOT NULL,
  until_day int4,
  key       int4 NOT NULL,
  PRIMARY KEY (login, from_day, key)
);
CREATE INDEX login_span_by_key ON login_span (key);
CREATE UNIQUE INDEX login_holder ON login_span (login) WHERE until_day IS NULL;

CREATE TABLE channel (
  key          int4 PRIMARY KEY,
  twitch_id    int8,
  display_name text,
  named_day    int4
);
CREATE UNIQUE INDEX channel_by_id ON channel (twitch_id) WHERE twitch_id IS NOT NULL;

CREATE TABLE channel_span (
  login     text COLLATE "C" NOT NULL,
  from_day  int4 NOT NULL,
  until_day int4,
  key       int4 NOT NULL,
  PRIMARY KEY (login, from_day, key)
);
CREATE INDEX channel_span_by_key ON channel_span (key);
CREATE UNIQUE INDEX channel_holder ON channel_span (login) WHERE until_day IS NULL;

CREATE TABLE channel_day (
  day        int4 NOT NULL,
  generation int4 NOT NULL,
  channel    int4 NOT NULL,
  data       bytea NOT NULL,
  PRIMARY KEY (day, generation, channel)
);
CREATE INDEX channel_day_by_channel ON channel_day (channel, day);

CREATE TABLE day_record (
  day          int4 NOT NULL,
  generation   int4 NOT NULL,
  provisional  bool NOT NULL,
  until_slot   int4,
  imported_at  int8 NOT NULL,
  import_ms    int8 NOT NULL,
  viewers      int8 NOT NULL,
  bots         int8 NOT NULL,
  observations int8 NOT NULL,
  sweeps       int8 NOT NULL,
  PRIMARY KEY (day, generation)
);

CREATE TABLE sweep (
  slot     int4 PRIMARY KEY,
  live     int8 NOT NULL,
  viewers  int8 NOT NULL,
  chatters int8 NOT NULL,
  complete int8 NOT NULL,
  partial  int8 NOT NULL,
  missing  int8 NOT NULL,
  unknown  int8 NOT NULL,
  sweep_ms int8 NOT NULL
);

CREATE TABLE live_stream (
  login        text COLLATE "C" PRIMARY KEY,
  slot         int4 NOT NULL,
  display_name text NOT NULL,
  title        text NOT NULL,
  game         text NOT NULL,
  viewers      int8 NOT NULL,
  started_at   int8,
  trail        bytea NOT NULL
);

CREATE TABLE tracked (login text COLLATE "C" PRIMARY KEY);

CREATE TABLE day (
  day        int4 PRIMARY KEY,
  generation int4 NOT NULL
);

-- A partition a month, named block_YYYY_MM, made by the first import of the month.
CREATE TABLE block (
  day   int4 NOT NULL,
  first int4 NOT NULL,
  b     bytea NOT NULL,
  PRIMARY KEY (day, first)
) PARTITION BY RANGE (day);
-- Blocks stay below the size at which Postgres would compress them or move them out of the row.
ALTER TABLE block ALTER b SET STORAGE EXTERNAL;
