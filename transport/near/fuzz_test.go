package near

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"
)

// FuzzRead is what somebody nearby sends: as frames, and what the machine of a side that
// has picked them makes of it.
func FuzzRead(f *testing.F) {
	f.Add(Frame{kind: kindName, name: Name{17, 27}}.Bytes(), false)
	f.Add(append(Frame{kind: kindName, name: Name{17, 27}}.Bytes(), Frame{kind: kindPick, pick: true}.Bytes()...), true)
	f.Fuzz(func(t *testing.T, data []byte, greater bool) {
		own := ID("m")
		far := ID("a")
		if greater {
			far = "z"
		}
		m := New(own, func() Name { return Name{1, 10} })
		m.Meet(far, addr(1), noon)
		r := bytes.NewReader(data)
		var again []byte
		now, theirs, cards := noon, false, 0
		for {
			fr, err := Read(r)
			if err != nil {
				if fr != (Frame{}) {
					t.Fatalf("%+v with %v", fr, err)
				}
				if !errors.Is(err, ErrFrame) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("%v", err)
				}
				break
			}
			again = fr.append(again)
			now = now.Add(time.Second)
			theirs = fr.kind == kindPick && fr.pick || fr.kind != kindPick && theirs
			out := m.Take(far, fr, now)
			if out.Agreed != "" || out.Card != "" {
				if cards++; !theirs || m.Picked() != far || greater != (out.Agreed != "") {
					t.Fatalf("%+v without both picks, or of the wrong side", out)
				}
			}
			if len(out.End) > 0 && m.find(far) != nil {
				t.Fatal("ended, and still there")
			}
			m.Pick(far) // as soon as they are there
		}
		if !bytes.HasPrefix(data, again) {
			t.Fatal("frames read do not encode to what was read")
		}
		if greater && cards > maxCards {
			t.Fatalf("%d cards", cards)
		}
	})
}
