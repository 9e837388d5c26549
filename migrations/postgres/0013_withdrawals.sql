-- Whether every object of the archive is read: whoever goes on with a job that was stopped was not told.
ALTER TABLE job ADD COLUMN thorough boolean NOT NULL DEFAULT false;
