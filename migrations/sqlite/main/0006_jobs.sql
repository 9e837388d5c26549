-- Work that a person asked for. The subject says of whom, until it is done; the receipt names nobody.
CREATE TABLE job (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('erase')),
  state    TEXT NOT NULL CHECK (state IN ('asked', 'archived', 'done')),
  asked_at INTEGER NOT NULL,
  done_at  INTEGER,
  subject  TEXT,
  receipt  TEXT
);
