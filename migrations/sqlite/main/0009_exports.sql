-- Folders that presence was exported to: an erasure goes through them.
CREATE TABLE export_folder (
  path  TEXT PRIMARY KEY,                           -- absolute
  since INTEGER NOT NULL
) WITHOUT ROWID;
