-- What is said of messages: answers, edits, reactions, timers, files; marks of chats.
ALTER TABLE messages ADD COLUMN ref        BLOB;
ALTER TABLE messages ADD COLUMN reply_to   INTEGER;
ALTER TABLE messages ADD COLUMN forwarded  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN deleted    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN revision   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN edited_at  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN path       TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN timer      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reacted    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN filed      INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_by_ref ON messages (contact, ref) WHERE ref IS NOT NULL;
CREATE INDEX messages_answered ON messages (reply_to) WHERE reply_to > 0;
CREATE INDEX messages_timed ON messages (contact) WHERE timer > 0 AND expires_at = 0;
CREATE INDEX messages_expiring ON messages (expires_at) WHERE expires_at > 0;

CREATE TABLE edits (
  id      INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
  text    TEXT NOT NULL,
  at      INTEGER NOT NULL
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

CREATE TABLE files (
  message INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  contact INTEGER NOT NULL,
  own     INTEGER NOT NULL,
  key     BLOB NOT NULL,
  name_id BLOB NOT NULL,
  length  INTEGER NOT NULL,
  tree    BLOB NOT NULL,
  name    TEXT NOT NULL,
  type    TEXT NOT NULL,
  width   INTEGER NOT NULL,
  height  INTEGER NOT NULL,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  have    INTEGER NOT NULL,
  blob    INTEGER NOT NULL,
  at      INTEGER NOT NULL
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
  timer         INTEGER NOT NULL,
  timer_version INTEGER NOT NULL,
  draft         TEXT NOT NULL,
  position      INTEGER NOT NULL
);

CREATE TABLE sayings (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  kind    INTEGER NOT NULL,
  topic   BLOB NOT NULL,
  body    BLOB NOT NULL,
  at      INTEGER NOT NULL
);
CREATE INDEX sayings_by_topic ON sayings (contact, kind, topic);

ALTER TABLE outbox ADD COLUMN saying  INTEGER NOT NULL DEFAULT 0;

DROP TABLE message_index;
CREATE VIRTUAL TABLE message_index USING fts5(
  terms, content = '', columnsize = 0, detail = none, prefix = '1 2 3', tokenize = 'ascii'
);
INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
INSERT INTO message_index (message_index, rank) VALUES ('automerge', 0);
INSERT INTO message_index (message_index, rank) VALUES ('pgsz', 4000);
DELETE FROM meta WHERE key = 'indexed';
