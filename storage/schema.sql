-- The latest schema in one place, for reading. The migrations make it; a test
-- holds the two together. Times are microseconds since 1970, 0 for none; flags are 0 or 1.

-- The profile, its contacts and what was said: what a backup copies.

CREATE TABLE profile (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  root       BLOB NOT NULL,    -- 32 bytes; every key of the person derives from it
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE contacts (
  id            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  bundle        BLOB NOT NULL,    -- identity.Bundle
  their_name    TEXT NOT NULL,
  alias         TEXT NOT NULL,    -- '' for none
  trust         INTEGER NOT NULL, -- 0 to 3
  introduced_by INTEGER NOT NULL, -- a contact, perhaps gone; 0 for none
  meeting       TEXT NOT NULL,
  met_at        INTEGER NOT NULL,
  writable      INTEGER NOT NULL,
  blocked       INTEGER NOT NULL,
  reset_secret  BLOB NOT NULL,    -- 32 bytes
  reset_number  INTEGER NOT NULL
);

CREATE TABLE grants (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  grants  BLOB NOT NULL    -- both ways
);

CREATE TABLE messages (
  id       INTEGER PRIMARY KEY, -- ascending; never given twice, see meta
  contact  INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  own      INTEGER NOT NULL,
  text     TEXT NOT NULL,
  sent_at  INTEGER NOT NULL,    -- by the sender's clock
  at       INTEGER NOT NULL,
  state    TEXT NOT NULL,
  reason   TEXT NOT NULL,
  state_at INTEGER NOT NULL,
  unread   INTEGER NOT NULL,
  unknown  BLOB,                -- content of a newer version; NULL for all others
  notice   TEXT NOT NULL DEFAULT '' -- what stands here in place of a message; '' for a message
);
CREATE INDEX messages_by_contact ON messages (contact); -- and by id, which every index ends in
CREATE INDEX messages_unread ON messages (contact) WHERE unread = 1;
CREATE INDEX messages_queued ON messages (contact) WHERE state = 'queued';

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- The state of the moment: a copy of it would be broken or worth nothing.

CREATE TABLE sessions (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  session BLOB NOT NULL    -- ratchets; a restored one repeats keys
);

-- What changes with every message of a contact stands in one row, so on one page.
CREATE TABLE counters (
  contact  INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  messages INTEGER NOT NULL DEFAULT 0, -- in the chat
  unread   INTEGER NOT NULL DEFAULT 0, -- of them
  next_seq INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  beyond   BLOB                        -- 8 bytes big-endian each, ascending
);

CREATE TABLE seen (
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL, -- 16 bytes
  at      INTEGER NOT NULL,
  PRIMARY KEY (contact, digest)
) WITHOUT ROWID;
CREATE INDEX seen_by_age ON seen (at);

-- A box is 4 KiB: apart from the rows that are scanned for a digest or a message.
CREATE TABLE boxes (
  id  INTEGER PRIMARY KEY,
  box BLOB NOT NULL
);

CREATE TABLE outbox (
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  seq     INTEGER NOT NULL,
  digest  BLOB NOT NULL,    -- 16 bytes
  message INTEGER NOT NULL, -- 0 where the content is not a message
  at      INTEGER NOT NULL,
  box     INTEGER NOT NULL,
  PRIMARY KEY (contact, seq)
) WITHOUT ROWID;
CREATE TRIGGER outbox_deleted AFTER DELETE ON outbox BEGIN
  DELETE FROM boxes WHERE id = old.box;
END;

CREATE TABLE cards (
  invite     BLOB PRIMARY KEY, -- 32 bytes, a hash; 16 in a row of an older program
  shown      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used       INTEGER NOT NULL,
  m1         BLOB NOT NULL,    -- 32 bytes for each first message seen
  forget     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE accepted (
  invite_hash BLOB PRIMARY KEY, -- 32 bytes
  forget      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE pairings (
  id    TEXT PRIMARY KEY,
  state BLOB NOT NULL
) WITHOUT ROWID;

-- unlocks:      how often the profile was opened, against the file beside it
-- rolled_back:  1 once it was found to be an older copy
-- last_message: the greatest id of a message that was removed
-- indexed:      the greatest id of a message in message_index
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

-- Words of the texts by message id; the texts themselves stand in messages. Filled in
-- batches, so messages after meta.indexed are not in it yet.
CREATE VIRTUAL TABLE message_index USING fts5(
  text, content = '', contentless_delete = 1, detail = none,
  tokenize = 'unicode61 remove_diacritics 2'
);
