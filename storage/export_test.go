package storage

// IndexAll fills the search index, which the keeper would do in time.
func (s *Store) IndexAll() error {
	for {
		var n int
		var err error
		s.alone(func() { n, err = s.indexBatch() })
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
