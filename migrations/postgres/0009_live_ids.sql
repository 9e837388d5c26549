-- Whoever opted out is recognised by id too.
ALTER TABLE live_stream ADD COLUMN channel_id int8;
