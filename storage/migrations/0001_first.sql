-- The profile, its contacts and what was said: what a backup copies.

CREATE TABLE profile (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  root       BLOB NOT NULL,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE contacts (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  bundle        BLOB NOT NULL,
  their_name    TEXT NOT NULL,
  alias         TEXT NOT NULL,
  trust         INTEGER NOT NULL,
  introduced_by INTEGER NOT NULL,
  meeting       TEXT NOT NULL,
  met_at        INTEGER NOT NULL,
  writable      INTEGER NOT NULL,
  blocked       INTEGER NOT NULL,
  reset_secret  BLOB NOT NULL,
  reset_number  INTEGER NOT NULL
);

CREATE TABLE grants (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  grants  BLOB NOT NULL
);

CREATE TABLE messages (
  id       INTEGER PRIMARY KEY,
  contact  INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  own      INTEGER NOT NULL,
  text     TEXT NOT NULL,
  sent_at  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  state    TEXT NOT NULL,
  reason   TEXT NOT NULL,
  state_at INTEGER NOT NULL,
  unread   INTEGER NOT NULL,
  unknown  BLOB
);
CREATE INDEX messages_by_contact ON messages (contact);
CREATE INDEX messages_unread ON messages (contact) WHERE unread = 1;
CREATE INDEX messages_queued ON messages (contact) WHERE state = 'queued';

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- The state of the moment: a copy of it would be broken or worth nothing.

CREATE TABLE sessions (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  session BLOB NOT NULL
);

CREATE TABLE counters (
  contact  INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  messages INTEGER NOT NULL DEFAULT 0,
  unread   INTEGER NOT NULL DEFAULT 0,
  next_seq INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  beyond   BLOB
);

CREATE TABLE seen (
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (contact, digest)
) WITHOUT ROWID;
CREATE INDEX seen_by_age ON seen (at);

CREATE TABLE boxes (
  id  INTEGER PRIMARY KEY,
  box BLOB NOT NULL
);

CREATE TABLE outbox (
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  seq     INTEGER NOT NULL,
  digest  BLOB NOT NULL,
  message INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  box     INTEGER NOT NULL,
  PRIMARY KEY (contact, seq)
) WITHOUT ROWID;
CREATE TRIGGER outbox_deleted AFTER DELETE ON outbox BEGIN
  DELETE FROM boxes WHERE id = old.box;
END;

CREATE TABLE cards (
  invite     BLOB PRIMARY KEY,
  shown      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used       INTEGER NOT NULL,
  m1         BLOB NOT NULL,
  forget     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE accepted (
  invite_hash BLOB PRIMARY KEY,
  forget      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE pairings (
  id    TEXT PRIMARY KEY,
  state BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE VIRTUAL TABLE message_index USING fts5(
  text, content = '', contentless_delete = 1, detail = none,
  tokenize = 'unicode61 remove_diacritics 2'
);
