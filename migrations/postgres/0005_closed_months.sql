-- Closed months, named by their first day: a row a person. Its rows lie in a partition named viewer_month_YYYY_MM, and
-- hold for readers once the month is in closed_month.
CREATE TABLE closed_month (
  month     int4 PRIMARY KEY,
  until_day int4 NOT NULL,
  tier      text NOT NULL CHECK (tier IN ('slots', 'hours', 'aggregates'))
);

CREATE TABLE viewer_month (
  month int4 NOT NULL,
  v     int4 NOT NULL,
  b     bytea NOT NULL,
  PRIMARY KEY (month, v)
) PARTITION BY RANGE (month);
-- Small enough for its row; Postgres would spend time on compressing what is compact.
ALTER TABLE viewer_month ALTER b SET STORAGE EXTERNAL;
