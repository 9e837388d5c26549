-- open-YYYY-MM.db: the viewer-days of a month, as blocks by day. docs/store-format.md describes it.

-- What readers go by: a day is there once it has a generation here.
CREATE TABLE day (
  day        INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL
);

-- A rowid table on purpose: WITHOUT ROWID with blobs of 2 kB overflows pages, 2.3 times the size.
CREATE TABLE block (
  k INTEGER PRIMARY KEY,                            -- day << 28 | first person
  b BLOB NOT NULL
);
