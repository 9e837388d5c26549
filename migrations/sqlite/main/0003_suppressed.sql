-- Who opted out: HMAC-SHA-256 of logins and of ids. The operator's secret is not here, only its hash.
CREATE TABLE suppressed (
  hash  BLOB PRIMARY KEY,
  since INTEGER NOT NULL
) WITHOUT ROWID;
ALTER TABLE meta ADD COLUMN suppression_check BLOB;
