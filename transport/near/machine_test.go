package near

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func addr(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}) }

// names returns a source of names 10, 11, 12 ... of one animal.
func names(animal int) func() Name {
	n := MinNumber - 1
	return func() Name { n++; return Name{animal, n} }
}

// say takes what a partner says, and fails where that ends it.
func say(t *testing.T, m *Machine, id ID, f Frame) Out {
	t.Helper()
	out := m.Take(id, f, noon)
	if len(out.End) > 0 {
		t.Fatalf("%d ended %q", f.kind, out.End)
	}
	return out
}

// meet adds a partner with a name.
func meet(t *testing.T, m *Machine, id ID, n Name) {
	t.Helper()
	if _, ok := m.Meet(id, addr(len(m.partners)), noon); !ok {
		t.Fatalf("no room for %q", id)
	}
	say(t, m, id, Frame{kind: kindName, name: n})
}

// TestLowerSaysTheCard: with both picked the lower ID is asked for a card, once, and the
// greater takes one, once.
func TestLowerSaysTheCard(t *testing.T) {
	for _, first := range []bool{true, false} {
		low, high := New("a", names(0)), New("b", names(1))
		meet(t, low, "b", high.Name())
		meet(t, high, "a", low.Name())
		picked := Frame{kind: kindPick, pick: true}
		var out, asked Out
		if first {
			low.Pick("b")
			say(t, high, "a", picked)
			out, _ = high.Pick("a")
			asked = say(t, low, "b", picked)
		} else {
			high.Pick("a")
			say(t, low, "b", picked)
			asked, _ = low.Pick("b")
			out = say(t, high, "a", picked)
		}
		if asked.Agreed != "b" || out.Agreed != "" {
			t.Fatalf("asked for a card: %q of the lower, %q of the greater", asked.Agreed, out.Agreed)
		}
		if again := say(t, low, "b", picked); again.Agreed != "" {
			t.Error("asked twice")
		}
		said, ok := low.Say("b", "CARD")
		if !ok || !slices.Equal(said.Send, []Sending{{"b", Frame{kind: kindCard, card: "CARD"}}}) {
			t.Fatalf("said %+v, %v", said, ok)
		}
		if _, ok := low.Say("b", "CARD"); ok {
			t.Error("said twice")
		}
		if out := say(t, high, "a", said.Send[0].Frame); out.Card != "CARD" || out.From != "a" {
			t.Errorf("taken: %+v", out)
		}
		if out := say(t, high, "a", said.Send[0].Frame); out.Card != "" {
			t.Error("taken twice")
		}
		if _, ok := high.Say("a", "CARD"); ok {
			t.Error("the greater said a card")
		}
	}
}

// TestNoCardWithoutBothPicks: whatever a stranger says, no card is asked for or taken
// before this side has picked them too.
func TestNoCardWithoutBothPicks(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		m := New("m", names(0))
		others := []ID{"a", "z"}
		now := noon
		for _, id := range others {
			meet(t, m, id, Name{1, 20})
		}
		theirs := map[ID]bool{}
		for range 60 {
			now = now.Add(frameEvery)
			id := others[r.IntN(2)]
			var out Out
			switch r.IntN(5) {
			case 0:
				out, _ = m.Pick(id)
			case 1:
				out, _ = m.Pick("")
			case 2:
				if id == "z" { // the lower one says none
					out, _ = m.Say(id, "CARD")
					break
				}
				out = m.Take(id, Frame{kind: kindCard, card: "CARD"}, now)
			default:
				theirs[id] = r.IntN(2) == 0
				out = m.Take(id, Frame{kind: kindPick, pick: theirs[id]}, now)
			}
			for _, of := range []ID{out.Agreed, out.From} {
				if of != "" && (m.Picked() != of || !theirs[of]) {
					t.Fatalf("seed %d: %q without both picks: %+v", seed, of, out)
				}
			}
			for _, s := range out.Send {
				if s.Frame.kind == kindCard && (m.Picked() != s.To || !theirs[s.To]) {
					t.Fatalf("seed %d: a card for %q without both picks", seed, s.To)
				}
			}
			if len(out.End) > 0 {
				t.Fatalf("seed %d: ended %q", seed, out.End)
			}
		}
	}
}

// TestPickTakenBack: a pick that either side takes back undoes what was agreed; three
// times at most a card is asked for.
func TestPickTakenBack(t *testing.T) {
	m := New("a", names(0))
	meet(t, m, "b", Name{1, 20})
	m.Pick("b")
	now, asked := noon, 0
	for i := range 2 * maxCards {
		now = now.Add(time.Minute)
		out := m.Take("b", Frame{kind: kindPick, pick: true}, now)
		if i%2 == 1 {
			out, _ = m.Pick("b")
		}
		if out.Agreed != "" {
			asked++
			if _, ok := m.Say("b", "CARD"); !ok {
				t.Fatal("the card was not said")
			}
		}
		if i%2 == 0 {
			m.Pick("")
		} else {
			m.Take("b", Frame{kind: kindPick}, now)
		}
		if _, ok := m.Say("b", "CARD"); ok {
			t.Fatal("a card was said with the pick taken back")
		}
	}
	if asked != maxCards {
		t.Errorf("%d cards were asked for, want %d", asked, maxCards)
	}
}

// TestOnePickAtATime: a pick takes the one before back, and says so.
func TestOnePickAtATime(t *testing.T) {
	m := New("m", names(0))
	meet(t, m, "a", Name{1, 20})
	meet(t, m, "z", Name{1, 21})
	m.Pick("a")
	out, ok := m.Pick("z")
	want := []Sending{{"a", Frame{kind: kindPick}}, {"z", Frame{kind: kindPick, pick: true}}}
	if !ok || !slices.Equal(out.Send, want) || m.Picked() != "z" {
		t.Errorf("said %+v, picked %q", out.Send, m.Picked())
	}
	if _, ok := m.Pick("x"); ok || m.Picked() != "z" {
		t.Error("picked somebody who is not there")
	}
	if out := m.Left("z"); !out.Changed || m.Picked() != "" {
		t.Error("somebody who left is picked")
	}
}

// TestSameName: of two with one name the greater ID draws anew, three times at most, and
// not once somebody picked.
func TestSameName(t *testing.T) {
	m := New("m", func() Name { return Name{5, 50} })
	meet(t, m, "z", Name{5, 50})
	if m.redraws != 0 {
		t.Error("the lower ID drew anew")
	}
	draw := names(7)
	m = New("m", draw)
	first := m.Name()
	if _, ok := m.Meet("a", addr(1), noon); !ok {
		t.Fatal("no room")
	}
	out := say(t, m, "a", Frame{kind: kindName, name: first})
	if m.Name() == first || !out.Changed || len(out.Send) != 1 {
		t.Errorf("kept %v, said %+v", m.Name(), out.Send)
	}
	for range 10 {
		m.Take("a", Frame{kind: kindName, name: m.Name()}, noon.Add(time.Hour))
	}
	if m.redraws != maxRedraws {
		t.Errorf("drawn anew %d times, want %d", m.redraws, maxRedraws)
	}
	m = New("m", names(7))
	meet(t, m, "a", Name{1, 20})
	say(t, m, "a", Frame{kind: kindPick, pick: true})
	if say(t, m, "a", Frame{kind: kindName, name: m.Name()}); m.redraws != 0 {
		t.Error("drawn anew after a pick")
	}
}

// TestRoom: so many partners, and so many from one address.
func TestRoom(t *testing.T) {
	m := New("m", names(0))
	for i := range MaxPerAddr + 1 {
		if _, ok := m.Meet(ID([]byte{'x', byte(i)}), addr(1), noon); ok != (i < MaxPerAddr) {
			t.Errorf("partner %d of one address: %v", i, ok)
		}
	}
	for i := range MaxPartners + 1 {
		_, ok := m.Meet(ID([]byte{'y', byte(i)}), addr(100+i), noon)
		if want := i < MaxPartners-MaxPerAddr; ok != want {
			t.Errorf("partner %d: %v", i, ok)
		}
	}
	here := New("m", names(0))
	for i := range MaxPartners {
		if _, ok := here.Meet(ID([]byte{'x', byte(i)}), netip.MustParseAddr("127.0.0.1"), noon); !ok {
			t.Errorf("no room for %d on one machine", i)
		}
	}
	if _, ok := m.Meet("m", addr(999), noon); ok {
		t.Error("met itself")
	}
	m.Left("y\x00")
	if _, ok := m.Meet("y\x01", addr(999), noon); ok {
		t.Error("met twice")
	}
	if _, ok := m.Meet("new", addr(999), noon); !ok {
		t.Error("no room after one has left")
	}
}

// TestNoise: what a partner must not say ends them.
func TestNoise(t *testing.T) {
	name := Frame{kind: kindName, name: Name{1, 20}}
	for what, frames := range map[string][]Frame{
		"a pick before the name":    {{kind: kindPick, pick: true}},
		"a card before the name":    {{kind: kindCard, card: "CARD"}},
		"good-bye":                  {name, {kind: kindBye}},
		"a card of the greater one": {name, {kind: kindCard, card: "CARD"}},
		"too much":                  slices.Repeat([]Frame{name}, frameBurst+1),
	} {
		m := New("m", names(0))
		m.Meet("z", addr(1), noon)
		for i, f := range frames {
			out := m.Take("z", f, noon)
			if ended := slices.Contains(out.End, "z"); ended != (i == len(frames)-1) {
				t.Errorf("%s: frame %d: ended %v", what, i, ended)
			}
		}
		if len(m.Partners()) > 0 || len(m.partners) > 0 {
			t.Errorf("%s: still there", what)
		}
		if out := m.Take("z", name, noon); out.Changed || len(out.End)+len(out.Send) > 0 {
			t.Errorf("%s: somebody who left is heard", what)
		}
	}
}

// TestPace: a partner may go on at the pace of a person for ever.
func TestPace(t *testing.T) {
	m := New("m", names(0))
	meet(t, m, "z", Name{1, 20})
	for i := range 1000 {
		if out := m.Take("z", Frame{kind: kindPick, pick: i%2 == 0}, noon.Add(time.Duration(i)*frameEvery)); len(out.End) > 0 {
			t.Fatalf("ended at frame %d", i)
		}
	}
}

// TestSilence: the name is said again, who says nothing is gone, and sooner who has no name.
func TestSilence(t *testing.T) {
	m := New("m", names(0))
	meet(t, m, "named", Name{1, 20})
	m.Meet("unnamed", addr(9), noon)
	if out := m.Tick(noon.Add(nameWithin - 1)); len(out.Send)+len(out.End) > 0 {
		t.Errorf("early: %+v", out)
	}
	if out := m.Tick(noon.Add(nameWithin)); !slices.Equal(out.End, []ID{"unnamed"}) || out.Changed {
		t.Errorf("no name: %+v", out)
	}
	want := []Sending{{"named", Frame{kind: kindName, name: m.Name()}}}
	if out := m.Tick(noon.Add(repeatEvery)); !slices.Equal(out.Send, want) {
		t.Errorf("said again: %+v", out)
	}
	if out := m.Tick(noon.Add(repeatEvery)); len(out.Send) > 0 {
		t.Errorf("said twice: %+v", out)
	}
	if out := m.Tick(noon.Add(silence)); !slices.Equal(out.End, []ID{"named"}) || !out.Changed {
		t.Errorf("silent: %+v", out)
	}
}

func TestBye(t *testing.T) {
	m := New("m", names(0))
	meet(t, m, "a", Name{1, 20})
	if out := m.Bye(); !slices.Equal(out.Send, []Sending{{"a", Frame{kind: kindBye}}}) {
		t.Errorf("said %+v", out)
	}
}
