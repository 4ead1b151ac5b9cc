-- Days, seconds (lots) and milliseconds (slots, presence) count from 1970.

CREATE TABLE accounts (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given again: what a sweep left behind is nobody's
	key BLOB NOT NULL UNIQUE,
	seen INTEGER NOT NULL,     -- day of the last admission
	seq INTEGER NOT NULL,      -- of the next cell
	used INTEGER NOT NULL,     -- bytes that wait
	cells INTEGER NOT NULL,    -- and how many cells
	oldest INTEGER NOT NULL,   -- no waiting cell is of an earlier day
	refused INTEGER NOT NULL,  -- deposits that found no room
	told INTEGER NOT NULL      -- of these, how many a page told
);

-- Accounts that left; what they had is swept behind.
CREATE TABLE leaving (account INTEGER PRIMARY KEY);

CREATE TABLE lots (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name BLOB NOT NULL UNIQUE,
	account INTEGER NOT NULL,
	until INTEGER NOT NULL
);
CREATE INDEX lots_of ON lots (account);
CREATE INDEX lots_until ON lots (until);

-- The hashes of a lot by their first seven bits, sorted within. They never change: what
-- was spent stands in a table of its own, so that an upload is 128 rows and not 4096.
CREATE TABLE hashes (
	id INTEGER PRIMARY KEY, -- lot << 7 | first seven bits
	hashes BLOB NOT NULL    -- 16 bytes each
);

CREATE TABLE spent (
	lot INTEGER NOT NULL,
	hash BLOB NOT NULL,
	cell BLOB NOT NULL, -- hash of the cell
	day INTEGER NOT NULL,
	PRIMARY KEY (lot, hash)
) WITHOUT ROWID;

-- The cells of an account lie side by side, the oldest first.
CREATE TABLE cells (
	id INTEGER PRIMARY KEY, -- account << 32 | seq
	day INTEGER NOT NULL,
	places INTEGER NOT NULL,
	tag INTEGER NOT NULL,   -- of the cell's hash, for its mark
	cell BLOB NOT NULL
);

CREATE TABLE slots (
	id INTEGER PRIMARY KEY,
	name BLOB NOT NULL UNIQUE,
	account INTEGER NOT NULL,
	until INTEGER NOT NULL,
	cell BLOB
);
CREATE INDEX slots_of ON slots (account);
CREATE INDEX slots_until ON slots (until);

CREATE TABLE presence (
	id INTEGER PRIMARY KEY, -- account << 4 | page
	at INTEGER NOT NULL,
	content BLOB NOT NULL   -- 64 times id and 512 bytes
);
CREATE INDEX presence_at ON presence (at);

-- On which page an id stands. A page put again mostly has the same, in other places.
CREATE TABLE presence_ids (
	name BLOB NOT NULL,
	page INTEGER NOT NULL,  -- presence.id
	PRIMARY KEY (name, page)
) WITHOUT ROWID;

CREATE TABLE invites (
	code BLOB PRIMARY KEY,
	used INTEGER NOT NULL,
	account INTEGER -- that came by it
) WITHOUT ROWID;
CREATE INDEX invites_of ON invites (account);

CREATE TABLE keys (id INTEGER PRIMARY KEY CHECK (id = 1), record BLOB NOT NULL);
