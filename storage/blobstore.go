package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"tacit/app"
	"tacit/storage/blobs"
	"tacit/storage/cryptfs"
)

// container is the file of sealed boxes as the store uses it.
type container struct {
	mu     sync.RWMutex // shared: it is being used
	open   *blobs.Container
	failed error // why there is none; a profile without it can still be read
}

var _ app.Blobs = (*Store)(nil)

// openFiles opens the container. One that cannot be opened costs a new profile its
// creation, and an older one its files only.
func (s *Store) openFiles(ctx context.Context, disk cryptfs.Disk, create bool) error {
	c, err := s.openContainer(ctx, disk, create)
	s.files.open, s.files.failed = c, convertBlobs(err)
	if create {
		return s.files.failed
	}
	return nil
}

func (s *Store) openContainer(ctx context.Context, disk cryptfs.Disk, create bool) (*blobs.Container, error) {
	state, err := s.extents(ctx)
	if err != nil {
		return nil, err
	}
	file, err := disk.Open(filesFile, true)
	if err != nil {
		return nil, err
	}
	c, err := blobs.Open(file, ledger{s}, state)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if state.Slots > 0 {
		return c, nil
	}
	// A profile of a version that had no files gets its container with the first of them,
	// where there is no room for it now.
	if err := c.Prepare(ctx); err != nil && create {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// closeFiles waits for who uses the container, and keeps others away from then on.
func (s *Store) closeFiles() error {
	s.files.mu.Lock()
	defer s.files.mu.Unlock()
	c := s.files.open
	s.files.open, s.files.failed = nil, app.ErrClosed
	if c == nil {
		return nil
	}
	return convertBlobs(c.Close())
}

// use calls f with the container.
func (s *Store) use(f func(c *blobs.Container) error) error {
	s.files.mu.RLock()
	defer s.files.mu.RUnlock()
	if s.files.failed != nil {
		return s.files.failed
	}
	return convertBlobs(f(s.files.open))
}

// CreateBlob implements app.Blobs.
func (s *Store) CreateBlob(ctx context.Context, boxes uint32) (id app.BlobID, err error) {
	err = s.use(func(c *blobs.Container) error {
		n, err := c.Create(ctx, boxes)
		id = app.BlobID(n)
		return err
	})
	s.eraser.removed() // there may be more room than it needs, to be filled
	return id, err
}

// WriteBlob implements app.Blobs.
func (s *Store) WriteBlob(b app.BlobID, first uint32, boxes ...[]byte) error {
	return s.use(func(c *blobs.Container) error { return c.Write(blobs.ID(b), first, boxes...) })
}

// ReadBlob implements app.Blobs.
func (s *Store) ReadBlob(b app.BlobID, i uint32, box []byte) error {
	return s.use(func(c *blobs.Container) error { return c.Read(blobs.ID(b), i, box) })
}

// SyncBlob implements app.Blobs.
func (s *Store) SyncBlob(ctx context.Context, b app.BlobID) error {
	return s.use(func(c *blobs.Container) error { return c.Sync(ctx, blobs.ID(b)) })
}

// RemoveBlob implements app.Blobs. The eraser overwrites it.
func (s *Store) RemoveBlob(ctx context.Context, b app.BlobID) error {
	defer s.eraser.removed()
	return s.use(func(c *blobs.Container) error { return c.Remove(ctx, blobs.ID(b)) })
}

// BlobIDs implements app.Blobs.
func (s *Store) BlobIDs(ctx context.Context) (ids []app.BlobID, err error) {
	err = s.use(func(c *blobs.Container) error {
		for _, id := range c.IDs() {
			ids = append(ids, app.BlobID(id))
		}
		return ctx.Err()
	})
	return ids, err
}

// convertBlobs turns what went wrong with the container into an error of app, keeping it as the cause.
func convertBlobs(err error) error {
	meant := diskMeaning(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, blobs.ErrNone):
		meant = app.ErrNotFound
	case errors.Is(err, blobs.ErrDamaged):
		meant = app.ErrDamaged
	case errors.Is(err, blobs.ErrFull):
		meant = app.ErrDiskFull
	}
	if meant == nil || errors.Is(err, meant) {
		return err
	}
	return fmt.Errorf("storage: %w: %w", meant, err)
}

// ledger is what the container keeps in the database.
type ledger struct{ s *Store }

// Commit implements blobs.Ledger.
func (l ledger) Commit(ctx context.Context, c blobs.Change) error {
	if err := l.s.take(ctx); err != nil {
		return err
	}
	defer l.s.give()
	return convert(l.s.transact(func() error { return l.apply(c) }), l.s.fault())
}

func (l ledger) apply(c blobs.Change) error {
	if c.Slots != 0 {
		if err := l.s.setMeta("slots", int64(c.Slots)); err != nil {
			return err
		}
	}
	if c.Condemn != 0 {
		if _, err := l.s.exec("UPDATE extents SET blob = 0, box = 0 WHERE blob = ?", int64(c.Condemn)); err != nil {
			return err
		}
	}
	for _, e := range c.Free {
		if err := l.s.change("DELETE FROM extents WHERE slot = ? AND blob <= 0", int64(e.Slot)); err != nil {
			return err
		}
	}
	last := blobs.ID(0)
	for _, e := range c.Add {
		_, err := l.s.exec("INSERT INTO extents (slot, slots, blob, box) VALUES (?, ?, ?, ?)",
			int64(e.Slot), int64(e.Count), int64(e.Blob), int64(e.Box))
		if err != nil {
			return err
		}
		last = max(last, e.Blob)
	}
	if last == 0 {
		return nil
	}
	return l.s.setMeta("last_blob", int64(last))
}

// extents returns what the ledger holds.
func (s *Store) extents(ctx context.Context) (state blobs.State, err error) {
	if err := s.take(ctx); err != nil {
		return state, err
	}
	defer s.give()
	slots, err := s.meta("slots")
	if err != nil {
		return state, convert(err, s.fault())
	}
	last, err := s.meta("last_blob")
	if err != nil {
		return state, convert(err, s.fault())
	}
	state.Slots, state.Last = uint32(slots), blobs.ID(last)
	state.Extents, err = all(s, func(r *sql.Rows) (e blobs.Extent, err error) {
		err = r.Scan(&e.Slot, &e.Count, &e.Blob, &e.Box)
		return e, err
	}, "SELECT slot, slots, blob, box FROM extents ORDER BY slot")
	return state, convert(err, s.fault())
}
