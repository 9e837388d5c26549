-- Folders that presence was exported to: an erasure goes through them.
CREATE TABLE export_folder (
  path  text PRIMARY KEY, -- absolute
  since int8 NOT NULL
);
