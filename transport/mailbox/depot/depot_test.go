package depot

import (
	"fmt"
	"testing"
	"time"
)

func TestMark(t *testing.T) {
	for i, m := range []Mark{{}, {Day: 1<<24 - 1, Seq: 1<<40 - 1, Hash: [8]byte{1, 2, 3, 4, 5, 6, 7, 8}}, {Day: 20513, Seq: 7}} {
		if got := ParseMark(m.Bytes()); got != m {
			t.Errorf("mark %d came back as %d", i, got.Seq)
		}
	}
}

func TestDayOf(t *testing.T) {
	for seconds, want := range map[int64]int64{0: 0, 86399: 0, 86400: 1, -1: -1, -86400: -1, -86401: -2} {
		if got := DayOf(time.Unix(seconds, 0)); got != want {
			t.Errorf("%d s: day %d, want %d", seconds, got, want)
		}
	}
}

func TestNothingIsPrinted(t *testing.T) {
	a, ticket, p := Account{0xAB}, Ticket{Invite: [16]byte{0xAB}}, Presence{ID: [16]byte{0xAB}}
	for _, v := range []any{a, ticket, p, &a} {
		if got := fmt.Sprintf("%v %x", v, v); got != "(redacted) (redacted)" {
			t.Errorf("printed %s", got)
		}
	}
}
