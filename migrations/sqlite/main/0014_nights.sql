-- What the nightly pass makes of a day and of the weeks before it: counts of ten people and more, and who was there as sets
-- that only tell how many they are. Those go with the slots of the day.
CREATE TABLE night (
  day            INTEGER PRIMARY KEY,
  generation     INTEGER NOT NULL,                  -- of the day it was made of
  version        INTEGER NOT NULL,                  -- NIGHT_VERSION
  made_at        INTEGER NOT NULL,
  made_ms        INTEGER NOT NULL,
  days           INTEGER NOT NULL,                  -- held of the 28 up to it
  people         INTEGER,
  newcomers      INTEGER,                           -- both or none
  returners      INTEGER,
  people_of_days INTEGER,
  lists          TEXT NOT NULL,                     -- NightLists, JSON
  sketch         BLOB                               -- Distinct::encode
);

CREATE TABLE channel_night (
  day     INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  data    BLOB NOT NULL,                            -- ChannelNight::encode
  sketch  BLOB,                                     -- Distinct::encode
  PRIMARY KEY (day, channel)
);
