package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tacit/identity"
	"tacit/storage/durable"
)

// unlocks is the file that counts how often the profile was opened. The database
// counts too, between two steps of the file:
//
//	file d+2, durable; then database d+2, durable; then file d+3
//
// so the file is one ahead, or after a crash within these steps two or none; then nothing
// was used yet. Anything else was put together from copies of different days: most likely
// the database is older than the file, and its ratchets were used since. A file that is
// missing or not authentic counts the same: it never is by itself.
type unlocks struct {
	path string
	key  [32]byte
}

const unlocksPurpose = "tacit/1/unlocks"

var errNotAuthentic = errors.New("the unlock counter is not authentic")

func (u unlocks) read() (uint64, error) {
	box, err := os.ReadFile(u.path)
	if err != nil {
		return 0, err
	}
	plain, err := identity.Open(u.key[:], box, []byte(unlocksPurpose))
	if err != nil || len(plain) != 8 {
		return 0, errNotAuthentic
	}
	return binary.BigEndian.Uint64(plain), nil
}

func (u unlocks) write(n uint64) error {
	plain := binary.BigEndian.AppendUint64(nil, n)
	return durable.WriteFile(u.path, identity.Seal(u.key[:], plain, []byte(unlocksPurpose)))
}

// move counts one more unlock and reports whether the profile was rolled back, now or
// before and was not settled since. It runs before the store is used by anybody else.
func (u unlocks) move(s *Store, create bool) (rolledBack bool, err error) {
	inFile, fileErr := u.read()
	if fileErr != nil && !errors.Is(fileErr, fs.ErrNotExist) && !errors.Is(fileErr, errNotAuthentic) {
		return false, fmt.Errorf("read the unlock counter: %w", fileErr)
	}
	stored, err := s.meta("unlocks")
	if err != nil {
		return false, err
	}
	before, err := s.meta("rolled_back")
	if err != nil {
		return false, err
	}
	count := uint64(stored)
	normal := fileErr == nil && count <= inFile && inFile <= count+2
	rolledBack = before != 0 || !normal && !create
	if rolledBack && !normal { // the mark is durable before the counters agree again
		count = max(inFile, count)
		err := s.transact(func() error {
			if err := s.setMeta("rolled_back", 1); err != nil {
				return err
			}
			return s.setMeta("unlocks", int64(count))
		})
		if err != nil {
			return false, err
		}
	}
	if err := u.write(count + 2); err != nil {
		return false, fmt.Errorf("write the unlock counter: %w", err)
	}
	if err := s.transact(func() error { return s.setMeta("unlocks", int64(count+2)) }); err != nil {
		return false, err
	}
	if err := u.write(count + 3); err != nil {
		return false, fmt.Errorf("write the unlock counter: %w", err)
	}
	return rolledBack, nil
}

// SettleRollback implements app.Tx. The counters agree since the profile was opened; what
// is left is the mark, which kept a run that settled nothing from being forgotten.
func (t *tx) SettleRollback() error { return t.s.setMeta("rolled_back", 0) }

// meta returns a value of the table of that name, zero where it is not set.
func (s *Store) meta(key string) (int64, error) {
	values, err := all(s, scanInt, "SELECT value FROM meta WHERE key = ?", key)
	if err != nil || len(values) == 0 {
		return 0, err
	}
	return values[0], nil
}

func (s *Store) setMeta(key string, value int64) error {
	_, err := s.exec("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
	return err
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
