-- month-YYYY-MM.db: the viewer-days of a closed month, a row a person. docs/store-format.md describes it.

-- As in the month's open form: what readers go by.
CREATE TABLE day (
  day        INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL
);

-- How fine its rows are.
CREATE TABLE tier (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  tier TEXT NOT NULL CHECK (tier IN ('slots', 'hours', 'aggregates'))
);

CREATE TABLE viewer_month (
  v INTEGER PRIMARY KEY,                            -- the person's key
  b BLOB NOT NULL
);
