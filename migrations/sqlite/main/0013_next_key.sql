-- The key that the next newcomer gets: the highest one held says nothing any more once its person was erased. No row where no
-- key was given yet.
CREATE TABLE next_key (
  kind TEXT PRIMARY KEY CHECK (kind IN ('person', 'channel')),
  key  INTEGER NOT NULL
) WITHOUT ROWID;
-- An erasure under way may have removed its person already, and goes by their key.
INSERT INTO next_key (kind, key)
SELECT 'person', max(key) + 1 FROM (
  SELECT key FROM person
  UNION ALL SELECT CAST(subject AS INTEGER) FROM job WHERE subject NOT LIKE '-%'
) HAVING max(key) IS NOT NULL;
INSERT INTO next_key (kind, key) SELECT 'channel', max(key) + 1 FROM channel HAVING max(key) IS NOT NULL;
