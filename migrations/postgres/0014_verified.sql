-- What comparing a day found that was replaced meanwhile: nobody reads it, and from now on it is not kept.
DELETE FROM verification v WHERE NOT EXISTS (SELECT 1 FROM day d WHERE d.day = v.day AND d.generation = v.generation);
