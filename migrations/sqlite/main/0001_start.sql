-- main.db: everything but the blocks of months. docs/store-format.md describes it.
-- Days count from 1970-01-01, slots are five minutes from then; a span is [from_day, until_day).

CREATE TABLE meta (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  origin  TEXT NOT NULL CHECK (origin IN ('simulated', 'real')),
  live_at INTEGER                                   -- slot of the sweep in live_stream
);

-- People. A key is given at first sight and never again.
CREATE TABLE person (
  key       INTEGER PRIMARY KEY,
  twitch_id INTEGER
);
CREATE UNIQUE INDEX person_by_id ON person (twitch_id) WHERE twitch_id IS NOT NULL;

CREATE TABLE login_span (
  login     TEXT NOT NULL,
  from_day  INTEGER NOT NULL,
  until_day INTEGER,                                -- NULL: held now
  key       INTEGER NOT NULL,
  PRIMARY KEY (login, from_day, key)
) WITHOUT ROWID;
CREATE INDEX login_span_by_key ON login_span (key);
-- Only among present holders is a login unique.
CREATE UNIQUE INDEX login_holder ON login_span (login) WHERE until_day IS NULL;

CREATE TABLE channel (
  key          INTEGER PRIMARY KEY,
  twitch_id    INTEGER,
  display_name TEXT,
  named_day    INTEGER                              -- the day that told the display name
);
CREATE UNIQUE INDEX channel_by_id ON channel (twitch_id) WHERE twitch_id IS NOT NULL;

CREATE TABLE channel_span (
  login     TEXT NOT NULL,
  from_day  INTEGER NOT NULL,
  until_day INTEGER,
  key       INTEGER NOT NULL,
  PRIMARY KEY (login, from_day, key)
) WITHOUT ROWID;
CREATE INDEX channel_span_by_key ON channel_span (key);
CREATE UNIQUE INDEX channel_holder ON channel_span (login) WHERE until_day IS NULL;

-- Read only under the generation that the month's file names for the day.
CREATE TABLE channel_day (
  day        INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  channel    INTEGER NOT NULL,
  data       BLOB NOT NULL,                         -- ChannelDay::encode
  PRIMARY KEY (day, generation, channel)
);
CREATE INDEX channel_day_by_channel ON channel_day (channel, day);

CREATE TABLE day_record (
  day          INTEGER NOT NULL,
  generation   INTEGER NOT NULL,
  provisional  INTEGER NOT NULL,
  until_slot   INTEGER,
  imported_at  INTEGER NOT NULL,
  import_ms    INTEGER NOT NULL,
  viewers      INTEGER NOT NULL,
  bots         INTEGER NOT NULL,
  observations INTEGER NOT NULL,
  sweeps       INTEGER NOT NULL,
  PRIMARY KEY (day, generation)
) WITHOUT ROWID;

CREATE TABLE sweep (
  slot     INTEGER PRIMARY KEY,
  live     INTEGER NOT NULL,
  viewers  INTEGER NOT NULL,
  chatters INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  partial  INTEGER NOT NULL,
  missing  INTEGER NOT NULL,
  unknown  INTEGER NOT NULL,
  sweep_ms INTEGER NOT NULL
);

CREATE TABLE live_stream (
  login        TEXT PRIMARY KEY,
  slot         INTEGER NOT NULL,
  display_name TEXT NOT NULL,
  title        TEXT NOT NULL,
  game         TEXT NOT NULL,
  viewers      INTEGER NOT NULL,
  started_at   INTEGER,
  trail        BLOB NOT NULL                        -- LEB128 numbers: 0 unknown, else viewers + 1
) WITHOUT ROWID;

CREATE TABLE tracked (login TEXT PRIMARY KEY) WITHOUT ROWID;
