package toy

import "testing"

func TestToy(t *testing.T) {
	calls := 0
	next := func() int { calls++; return 7 }
	switch {
	case !Few(2), Few(3), !Positive(5), Positive(-5), Never() != 3, Capped(7) != 3, Next(next) != 3, calls != 1:
		t.Fatal("wrong")
	}
}
