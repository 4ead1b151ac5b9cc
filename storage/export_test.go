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
