-- Games by key: rows of the hour tier name them by it. Twitch's id is empty where no source gave one.
CREATE TABLE game (
  key     int4 PRIMARY KEY,
  game_id text NOT NULL,
  name    text NOT NULL
);
