-- What the objects take that a day was imported from; not known of days imported before, nor where the manifest does not say.
ALTER TABLE day_record ADD COLUMN archive_bytes INTEGER;
