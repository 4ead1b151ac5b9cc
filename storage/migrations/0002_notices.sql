-- Entries of a chat that are no messages.
ALTER TABLE messages ADD COLUMN notice   TEXT NOT NULL DEFAULT '';
