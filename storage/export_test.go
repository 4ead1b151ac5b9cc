package storage

import "context"

// IndexAll fills the search index, which the keeper would do in time.
func (s *Store) IndexAll() error {
	for {
		var n int
		var err error
		s.alone(func() {
			n, err = s.indexBatch()
			for more := err == nil; more && err == nil; {
				more, err = s.mergeIndex()
			}
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// alone runs f while nobody else uses the connection.
func (s *Store) alone(f func()) {
	<-s.turn
	defer s.give()
	f()
}

// Sweep does at once what the eraser would do in time.
func (s *Store) Sweep() error {
	for {
		if found, err := s.sweepPiece(context.Background(), 0); !found || err != nil {
			return err
		}
	}
}

// ForgetContainer makes the profile one of a version that had no files.
func (s *Store) ForgetContainer() (err error) {
	s.alone(func() {
		err = s.transact(func() error {
			for _, query := range []string{"DELETE FROM extents", "DELETE FROM meta WHERE key IN ('slots', 'last_blob')"} {
				if _, err := s.exec(query); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return err
}
