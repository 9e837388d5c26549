-- A name by key: the login that is held now, or was held last. With it the index of all spans by key and the one of
-- present holders go: they took as much room as the names themselves.
ALTER TABLE person ADD COLUMN login text COLLATE "C";
UPDATE person SET login = (
  SELECT login FROM login_span s WHERE s.key = person.key ORDER BY until_day IS NULL DESC, from_day DESC, login DESC LIMIT 1
);
DROP INDEX login_span_by_key;
DROP INDEX login_holder;
-- Whoever was renamed: few.
CREATE INDEX login_span_closed ON login_span (key) WHERE until_day IS NOT NULL;

ALTER TABLE channel ADD COLUMN login text COLLATE "C";
UPDATE channel SET login = (
  SELECT login FROM channel_span s WHERE s.key = channel.key ORDER BY until_day IS NULL DESC, from_day DESC, login DESC LIMIT 1
);
DROP INDEX channel_span_by_key;
DROP INDEX channel_holder;
CREATE INDEX channel_span_closed ON channel_span (key) WHERE until_day IS NOT NULL;
