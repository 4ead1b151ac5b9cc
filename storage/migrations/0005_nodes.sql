-- Own mailbox nodes, grants that they were told of, and what goes by them.
ALTER TABLE contacts ADD COLUMN hide INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN held_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE nodes (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  address    TEXT NOT NULL,
  account    BLOB NOT NULL,
  chosen     INTEGER NOT NULL,
  state      TEXT NOT NULL,
  added_at   INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  leaving_at INTEGER NOT NULL,
  offered_by INTEGER REFERENCES contacts ON DELETE SET NULL
);

CREATE TABLE lots (
  id        INTEGER PRIMARY KEY,
  node      INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  lot       BLOB NOT NULL,
  until     INTEGER NOT NULL,
  due       INTEGER NOT NULL,
  uploaded  INTEGER NOT NULL,
  spares    BLOB NOT NULL,
  issued_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX lots_by_node ON lots (node, lot);

CREATE TABLE offers (
  contact INTEGER PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
  address TEXT NOT NULL
);

CREATE TABLE early (
  id      INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL,
  stream  INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  box     BLOB NOT NULL,
  at      INTEGER NOT NULL
);
CREATE UNIQUE INDEX early_by_digest ON early (contact, digest);
CREATE INDEX early_by_seq ON early (contact, stream, seq);
CREATE INDEX early_by_age ON early (at);

CREATE TABLE owed (
  id      INTEGER PRIMARY KEY,
  contact INTEGER NOT NULL REFERENCES contacts ON DELETE CASCADE,
  digest  BLOB NOT NULL,
  seq     INTEGER NOT NULL
);
CREATE UNIQUE INDEX owed_by_digest ON owed (contact, digest);
CREATE INDEX owed_by_seq ON owed (contact, seq);

CREATE INDEX messages_held ON messages (contact) WHERE state = 'held';
