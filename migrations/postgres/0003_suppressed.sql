-- Who opted out: HMAC-SHA-256 of logins and of ids. The operator's secret is not here, only its hash.
CREATE TABLE suppressed (
  hash  bytea PRIMARY KEY,
  since int8 NOT NULL
);
ALTER TABLE meta ADD COLUMN suppression_check bytea;
