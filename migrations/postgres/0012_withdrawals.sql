-- Whether every object of the archive is read: whoever goes on with a job that was stopped was not told.
ALTER TABLE job ADD COLUMN thorough boolean NOT NULL DEFAULT false;

-- How often somebody opted out or was erased: what was made of rows read before that is not put in place after it.
ALTER TABLE meta ADD COLUMN withdrawals int8 NOT NULL DEFAULT 0;
