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
  reset_number  INTEGER NOT NULL,
  hide          INTEGER NOT NULL DEFAULT 0 -- learns no address of this computer
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
  notice   TEXT NOT NULL DEFAULT '', -- what stands here in place of a message; '' for a message
  ref        BLOB,                       -- 16 bytes, its name on both sides; NULL of versions that had none
  reply_to   INTEGER,                    -- a message; 0 where that is gone, NULL for no answer
  forwarded  INTEGER NOT NULL DEFAULT 0,
  deleted    INTEGER NOT NULL DEFAULT 0, -- taken back for all: text, edits, reactions and file are gone
  revision   INTEGER NOT NULL DEFAULT 0,
  edited_at  INTEGER NOT NULL DEFAULT 0,
  path       TEXT NOT NULL DEFAULT '',
  timer      INTEGER NOT NULL DEFAULT 0, -- seconds
  expires_at INTEGER NOT NULL DEFAULT 0,
  reacted    INTEGER NOT NULL DEFAULT 0, -- there are reactions
  filed      INTEGER NOT NULL DEFAULT 0  -- there is a file
);
CREATE INDEX messages_by_contact ON messages (contact); -- and by id, which every index ends in
CREATE INDEX messages_unread ON messages (contact) WHERE unread = 1;
CREATE INDEX messages_queued ON messages (contact) WHERE state = 'queued';
CREATE INDEX messages_held ON messages (contact) WHERE state = 'held';
CREATE INDEX messages_by_ref ON messages (contact, ref) WHERE ref IS NOT NULL;
CREATE INDEX messages_answered ON messages (reply_to) WHERE reply_to > 0;
CREATE INDEX messages_timed ON messages (contact) WHERE timer > 0 AND expires_at = 0;
CREATE INDEX messages_expiring ON messages (expires_at) WHERE expires_at > 0;

-- The earlier texts of edited messages, in the order of their ids.
CREATE TABLE edits (
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
  text    TEXT NOT NULL,
  at      INTEGER NOT NULL    -- when it was written
);
CREATE INDEX edits_by_message ON edits (message);

CREATE TABLE reactions (
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
  own     INTEGER NOT NULL,
  emoji   TEXT NOT NULL,
  at      INTEGER NOT NULL
);
CREATE UNIQUE INDEX reactions_by_message ON reactions (message, own, emoji);

-- What is said of a file by its message, and where it is. A backup leaves out where.
CREATE TABLE files (
  message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  contact INTEGER NOT NULL, -- of the message
  own     INTEGER NOT NULL, -- of the message
  key     BLOB NOT NULL,    -- 32 bytes, opens its cells
  name_id BLOB NOT NULL,    -- 16 bytes, its name on the wire
  length  INTEGER NOT NULL, -- bytes
  tree    BLOB NOT NULL,    -- 32 bytes, the hash of its content
  name    TEXT NOT NULL,
  type    TEXT NOT NULL,
  width   INTEGER NOT NULL,
  height  INTEGER NOT NULL,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  have    INTEGER NOT NULL, -- leading boxes that are here, or at the contact
  blob    INTEGER NOT NULL, -- where its boxes are; 0: nowhere
  at      INTEGER NOT NULL,
  posted  INTEGER NOT NULL DEFAULT 0 -- leading cells at the contact's node
);
CREATE INDEX files_by_id ON files (contact, name_id);
CREATE INDEX files_under_way ON files (message) WHERE state IN ('waiting', 'moving', 'paused');
CREATE INDEX files_here ON files (blob) WHERE blob > 0;

CREATE TABLE chats (
  contact       INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  pinned        INTEGER NOT NULL,
  archived      INTEGER NOT NULL,
  muted         INTEGER NOT NULL,
  marked_unread INTEGER NOT NULL,
  hidden        INTEGER NOT NULL,
  timer         INTEGER NOT NULL, -- seconds
  timer_version INTEGER NOT NULL,
  draft         TEXT NOT NULL,
  position      INTEGER NOT NULL  -- a message, perhaps gone
);

-- Own mailbox nodes. The account is what a restored profile fetches with.
CREATE TABLE nodes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice
  address    TEXT NOT NULL,    -- identity.NodeAddress
  account    BLOB NOT NULL,    -- 32 bytes, a seed
  chosen     INTEGER NOT NULL, -- the default: at most one
  state      TEXT NOT NULL,
  added_at   INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  leaving_at INTEGER NOT NULL, -- when it was removed
  offered_by INTEGER REFERENCES contacts ON DELETE SET NULL -- NULL: none who is a contact
);

CREATE TABLE lots (
  id        INTEGER PRIMARY KEY, -- ascending
  node      INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  lot       BLOB NOT NULL,    -- 16 bytes, its name there
  until     INTEGER NOT NULL,
  due       INTEGER NOT NULL,
  uploaded  INTEGER NOT NULL,
  spares    BLOB NOT NULL,    -- 32 bytes for each grant that nobody holds yet
  issued_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX lots_by_node ON lots (node, lot);

CREATE TABLE offers (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  address TEXT NOT NULL       -- identity.NodeAddress
);

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
  saying  INTEGER NOT NULL DEFAULT 0, -- 0 where the content is no saying
  held_at INTEGER NOT NULL DEFAULT 0, -- when a node took it
  PRIMARY KEY (contact, seq)
) WITHOUT ROWID;
CREATE TRIGGER outbox_deleted AFTER DELETE ON outbox BEGIN
  DELETE FROM boxes WHERE id = old.box;
END;

-- Contents that are no messages, until the contact has them: a box is sealed anew from here.
CREATE TABLE sayings (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  kind    INTEGER NOT NULL,
  topic   BLOB NOT NULL,    -- 16 bytes
  body    BLOB NOT NULL,
  at      INTEGER NOT NULL
);
CREATE INDEX sayings_by_topic ON sayings (contact, kind, topic);

-- Boxes that came by mailbox and cannot be taken yet.
CREATE TABLE early (
  id      INTEGER PRIMARY KEY, -- ascending
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL,    -- 16 bytes
  stream  INTEGER NOT NULL, -- any 64 bits
  seq     INTEGER NOT NULL,
  box     BLOB NOT NULL,
  at      INTEGER NOT NULL
);
CREATE UNIQUE INDEX early_by_digest ON early (contact, digest);
CREATE INDEX early_by_seq ON early (contact, stream, seq);
CREATE INDEX early_by_age ON early (at);

-- Boxes that came by mailbox, and that their sender may not know to be here.
CREATE TABLE owed (
  id      INTEGER PRIMARY KEY, -- ascending
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL,    -- 16 bytes
  seq     INTEGER NOT NULL     -- under which the receipt was sealed; 0: not yet
);
CREATE UNIQUE INDEX owed_by_digest ON owed (contact, digest);
CREATE INDEX owed_by_seq ON owed (contact, seq);

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

-- Which slots of the file beside it are whose (storage/blobs).
CREATE TABLE extents (
  slot  INTEGER PRIMARY KEY, -- the first
  slots INTEGER NOT NULL,
  blob  INTEGER NOT NULL,    -- 0: to be overwritten, and free then; -1: never written
  box   INTEGER NOT NULL     -- of the blob, in the first slot
);

-- unlocks:      how often the profile was opened, against the file beside it
-- rolled_back:  1 once it was found to be an older copy
-- last_message: the greatest id of a message that was removed
-- slots:        how many the file of blobs has
-- last_blob:    the greatest id that a blob was given
-- indexed:      the greatest id of a message in message_index
-- indexed_from: the greatest id of those before them that are not in it
-- folded:       the version of the folding that made it
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

-- Terms of the texts and chats by message id (index.go). It keeps no text; what is taken out of
-- it, by the same terms, is overwritten at once.
CREATE VIRTUAL TABLE message_index USING fts5(
  terms, content = '', columnsize = 0, detail = none, prefix = '1 2 3', tokenize = 'ascii'
);
