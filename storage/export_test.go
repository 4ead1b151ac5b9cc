package storage

// IndexAll fills the search index, which the keeper would do in time.
func (s *Store) IndexAll() error {
	for {
		<-s.turn
		n, err := s.indexBatch()
		s.give()
		if err != nil || n == 0 {
			return err
		}
	}
}
