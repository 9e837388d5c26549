-- Days whose record no longer counts somebody who is being erased: a run that was stopped before the month's file let
-- them go does not count them out again. Their rows go with the person's name.
CREATE TABLE counted_out (
  person     INTEGER NOT NULL,
  day        INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  PRIMARY KEY (person, day, generation)
) WITHOUT ROWID;
