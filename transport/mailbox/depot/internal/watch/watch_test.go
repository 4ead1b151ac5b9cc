package watch

import "testing"

func TestBoard(t *testing.T) {
	var b Board[int]
	one, stopOne := b.Watch(1)
	two, stopTwo := b.Watch(1)
	other, stopOther := b.Watch(2)
	defer stopOther()
	got := func(c <-chan struct{}) bool {
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
	b.Wake(1, 1, 3)
	b.Wake(1)
	if !got(one) || !got(two) || got(one) || got(other) {
		t.Error("not everybody who waits, or somebody else, or more than once")
	}
	stopOne()
	b.WakeAll()
	if got(one) || !got(two) || !got(other) {
		t.Error("who went was woken, or who stayed was not")
	}
	stopTwo()
	if len(b.waiting) != 1 {
		t.Errorf("%d accounts are remembered", len(b.waiting))
	}
}
