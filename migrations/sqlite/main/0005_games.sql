-- Games by key: rows of the hour tier name them by it. Twitch's id is empty where no source gave one.
CREATE TABLE game (
  key     INTEGER PRIMARY KEY,
  game_id TEXT NOT NULL,
  name    TEXT NOT NULL
);
