-- What the nightly pass makes of a day and of the weeks before it: counts of ten people and more, and who was there as sets
-- that only tell how many they are. Those go with the slots of the day.
CREATE TABLE night (
  day            int4 PRIMARY KEY,
  generation     int4 NOT NULL,
  version        int4 NOT NULL,
  made_at        int8 NOT NULL,
  made_ms        int8 NOT NULL,
  days           int4 NOT NULL,
  people         int8,
  newcomers      int8,
  returners      int8,
  people_of_days int8,
  lists          text NOT NULL,
  sketch         bytea
);
COMMENT ON COLUMN night.generation IS 'of the day it was made of';
COMMENT ON COLUMN night.version IS 'NIGHT_VERSION';
COMMENT ON COLUMN night.days IS 'held of the 28 up to it';
COMMENT ON COLUMN night.lists IS 'NightLists, JSON';
COMMENT ON COLUMN night.sketch IS 'Distinct::encode';

CREATE TABLE channel_night (
  day     int4 NOT NULL,
  channel int4 NOT NULL,
  data    bytea NOT NULL,
  sketch  bytea,
  PRIMARY KEY (day, channel)
);
COMMENT ON COLUMN channel_night.data IS 'ChannelNight::encode';
COMMENT ON COLUMN channel_night.sketch IS 'Distinct::encode';
-- Compact already.
ALTER TABLE channel_night ALTER data SET STORAGE EXTERNAL, ALTER sketch SET STORAGE EXTERNAL;
