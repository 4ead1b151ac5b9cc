-- How much of an own file lies at the contact's node.
ALTER TABLE files ADD COLUMN posted INTEGER NOT NULL DEFAULT 0;
