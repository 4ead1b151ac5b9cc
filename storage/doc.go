// Package storage keeps a profile in an encrypted SQLite database.
//
// A profile is a directory, readable by its owner only:
//
//	vault      the data key, wrapped by the passphrase (storage/vault)
//	store      the database, encrypted block by block (storage/cryptfs)
//	store-wal  its write-ahead log, while the profile is open or after a crash
//	files      the sealed boxes of files, slot by slot (storage/blobs)
//	mailbox    what a desktop holds for its contacts, where it ever did: a database aside
//	unlocks    how often the profile was opened, against copies put back
//	lock       empty; held by the process that has the profile open
//
// Beside them may lie what storage knows nothing of: a label, in clear, and the folders of
// further profiles (ui/cmd/internal/profile).
//
// SQLite has no shared memory here, so there is one connection, and a View and an
// Update wait for one another. Both are short: a page of messages is read in a fraction
// of a millisecond, and what takes longer is done in pieces while nobody waits, by goroutines
// that end with Close: the keeper fills the search index and copies the log into the
// database (keeper.go), the eraser overwrites the log, and the slots of removed files
// (erase.go, sweep.go). Files are read and written beside the connection; only making and
// removing one takes it.
//
// What was deleted or replaced is overwritten in every file of the profile as soon as the
// store is idle; in the database and its log within 30 s where it never is.
//
// A backup carries what makes the profile up, and nothing of the moment, to another
// folder or computer (backup_write.go, backup_read.go; storage/backup seals it).
//
// schema.sql shows the whole database.
package storage
