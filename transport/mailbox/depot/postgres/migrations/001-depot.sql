-- Days, seconds (lots) and milliseconds (slots, presence) count from 1970.
-- Whoever changes what belongs to an account locks its row here first, several in the order
-- of their ids. Nothing else is ever waited for, so nobody waits in a circle.

CREATE TABLE accounts (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	key bytea NOT NULL UNIQUE,
	seen integer NOT NULL,    -- day of the last admission
	seq bigint NOT NULL,      -- of the next cell
	used bigint NOT NULL,     -- bytes that wait
	cells bigint NOT NULL,    -- and how many cells
	floor integer NOT NULL,   -- cells of earlier days count no more
	refused bigint NOT NULL,  -- deposits that found no room
	told bigint NOT NULL      -- of these, how many a page told
) WITH (fillfactor = 50);     -- each deposit changes a row: there is room beside it

CREATE TABLE lots (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name bytea NOT NULL UNIQUE,
	account bigint NOT NULL,
	until bigint NOT NULL
);
CREATE INDEX lots_of ON lots (account);
CREATE INDEX lots_until ON lots (until);

-- The hashes of a lot by their first seven bits, sorted within. They never change.
CREATE TABLE hashes (
	lot bigint NOT NULL,
	part smallint NOT NULL,
	hashes bytea NOT NULL,
	PRIMARY KEY (lot, part)
);
ALTER TABLE hashes ALTER COLUMN hashes SET STORAGE PLAIN;

CREATE TABLE spent (
	lot bigint NOT NULL,
	hash bytea NOT NULL,
	cell bytea NOT NULL,      -- hash of the cell
	day integer NOT NULL,
	PRIMARY KEY (lot, hash)
);

-- One partition for each day, dropped whole. What is random is not worth compressing.
CREATE TABLE cells (
	account bigint NOT NULL,
	day integer NOT NULL,
	seq bigint NOT NULL,
	places smallint NOT NULL,
	tag bigint NOT NULL,      -- of the cell's hash, for its mark
	cell bytea NOT NULL,
	PRIMARY KEY (account, day, seq)
) PARTITION BY RANGE (day);
ALTER TABLE cells ALTER COLUMN cell SET STORAGE EXTERNAL;

CREATE TABLE slots (
	name bytea PRIMARY KEY,
	account bigint NOT NULL,
	until bigint NOT NULL,
	cell bytea
);
ALTER TABLE slots ALTER COLUMN cell SET STORAGE EXTERNAL;
CREATE INDEX slots_of ON slots (account);
CREATE INDEX slots_until ON slots (until);

CREATE TABLE presence (
	id bigint PRIMARY KEY,    -- account << 4 | page
	at bigint NOT NULL,
	content bytea NOT NULL    -- 64 times id and 512 bytes
);
ALTER TABLE presence ALTER COLUMN content SET STORAGE EXTERNAL;
CREATE INDEX presence_at ON presence (at);

-- On which page an id stands. A page put again mostly has the same, in other places.
CREATE TABLE presence_ids (
	name bytea NOT NULL,
	page bigint NOT NULL,     -- presence.id
	PRIMARY KEY (name, page)
);

CREATE TABLE invites (
	code bytea PRIMARY KEY,
	used boolean NOT NULL,
	account bigint            -- that came by it
);
CREATE INDEX invites_of ON invites (account);

CREATE TABLE keys (id integer PRIMARY KEY CHECK (id = 1), record bytea NOT NULL);
