package ratchet

import (
	"cmp"
	"slices"
	"time"
)

// oldChain is a receiving chain that has ended with messages of it missing.
type oldChain struct {
	epoch  uint32
	header key
}

// skippedKey is the key of a message that has not arrived, stored when a later one did.
type skippedKey struct {
	epoch, n uint32
	at       int64 // Unix seconds
	message  key
}

func (k skippedKey) compare(epoch, n uint32) int {
	return cmp.Or(cmp.Compare(k.epoch, epoch), cmp.Compare(k.n, n))
}

// skipTo stores the keys of the current chain up to n, which is not below s.nr.
func (s *State) skipTo(n uint32, now time.Time) error {
	if n-s.nr > maxSkip {
		return ErrTooFar
	}
	if n == s.nr {
		return nil
	}
	stored := make([]skippedKey, len(s.skipped), len(s.skipped)+int(n-s.nr))
	copy(stored, s.skipped)
	for ; s.nr < n; s.nr++ {
		var message key
		message, s.recvChain = kdfChain(s.recvChain)
		stored = append(stored, skippedKey{s.epoch, s.nr, now.Unix(), message})
	}
	s.setSkipped(stored[max(0, len(stored)-maxSkipped):])
	return nil
}

// takeSkipped removes a stored key and returns it.
func (s *State) takeSkipped(epoch, n uint32) (key, bool) {
	i, ok := slices.BinarySearchFunc(s.skipped, n, func(k skippedKey, n uint32) int { return k.compare(epoch, n) })
	if !ok {
		return key{}, false
	}
	message := s.skipped[i].message
	s.setSkipped(slices.Concat(s.skipped[:i], s.skipped[i+1:]))
	return message, true
}

// retireChain remembers the header key of the current chain if messages of it are missing.
func (s *State) retireChain() {
	if len(s.skipped) == 0 || s.skipped[len(s.skipped)-1].epoch != s.epoch {
		return
	}
	s.old = append(slices.Clip(s.old), oldChain{s.epoch, s.recvHeader})
	if len(s.old) > maxOldChains {
		s.old = s.old[1:]
		first, _ := slices.BinarySearchFunc(s.skipped, s.old[0].epoch, func(k skippedKey, epoch uint32) int { return k.compare(epoch, 0) })
		s.skipped = s.skipped[first:]
	}
}

// expire forgets the keys of messages that are missing for too long.
func (s *State) expire(now time.Time) {
	before := now.Add(-skippedLife).Unix()
	expired := func(k skippedKey) bool { return k.at < before }
	if slices.ContainsFunc(s.skipped, expired) {
		s.setSkipped(slices.DeleteFunc(slices.Clone(s.skipped), expired))
	}
}

// Expire returns the state without the keys of messages that are missing for more
// than 30 days, and whether that changed anything. Seal and Open do the same.
func (s State) Expire(now time.Time) (next State, changed bool) {
	next = s
	next.expire(now)
	return next, len(next.skipped) != len(s.skipped)
}

// setSkipped replaces the stored keys and forgets the old chains that have none left.
func (s *State) setSkipped(stored []skippedKey) {
	s.skipped = stored
	empty := func(c oldChain) bool {
		_, ok := slices.BinarySearchFunc(stored, c.epoch, func(k skippedKey, epoch uint32) int { return cmp.Compare(k.epoch, epoch) })
		return !ok
	}
	if slices.ContainsFunc(s.old, empty) {
		s.old = slices.DeleteFunc(slices.Clone(s.old), empty)
	}
}
