-- Which slots of the file `files` are whose.
CREATE TABLE extents (
  slot  INTEGER PRIMARY KEY,
  slots INTEGER NOT NULL,
  blob  INTEGER NOT NULL,
  box   INTEGER NOT NULL
);
