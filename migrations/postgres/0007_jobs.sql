-- Work that a person asked for. The subject says of whom, until it is done; the receipt names nobody.
CREATE TABLE job (
  id       int8 PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('erase')),
  state    text NOT NULL CHECK (state IN ('asked', 'archived', 'done')),
  asked_at int8 NOT NULL,
  done_at  int8,
  subject  text,
  receipt  text
);
