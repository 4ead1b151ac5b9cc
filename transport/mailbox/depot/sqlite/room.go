package sqlite

import (
	"sync"
	"time"
)

// room asks now and then whether the disk has some left. Its clock is only for not asking too often.
type room struct {
	free func() (uint64, error) // bytes

	mu    sync.Mutex
	asked time.Time // by mu
	full  bool      // by mu: the answer
}

// short reports that there is less than minFree. A nil room, or a disk that does not tell, never is.
func (r *room) short() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.Sub(r.asked) >= freeEvery {
		free, err := r.free()
		r.asked, r.full = now, err == nil && free < minFree
	}
	return r.full
}
