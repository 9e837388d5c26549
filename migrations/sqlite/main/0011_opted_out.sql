-- Whoever of those held opted out, by key: pages are read without the secret that the list's hashes take.
CREATE TABLE opted_out (
  kind TEXT NOT NULL CHECK (kind IN ('person', 'channel')),
  key  INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
-- Whether every name held was compared with the list. Lists that earlier versions wrote were not.
ALTER TABLE meta ADD COLUMN opted_out_known INTEGER NOT NULL DEFAULT 0;
