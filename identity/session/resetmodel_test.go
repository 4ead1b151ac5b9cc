package session

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// flight is a box on its way, with the ratchet that it belongs to if it is not of a reset.
type flight struct {
	to      *end
	box     []byte
	ratchet [32]byte
}

// resetModel is two contacts and what is between them.
type resetModel struct {
	s, r   *end
	sky    []flight
	copies map[*end][]end // of each as it was
	back   bool           // one of them was put back to a copy without noticing
	first  [32]byte
}

func (m *resetModel) other(e *end) *end {
	if e == m.s {
		return m.r
	}
	return m.s
}

func (m *resetModel) draw(t *rapid.T) *end {
	if rapid.Bool().Draw(t, "S") {
		return m.s
	}
	return m.r
}

func (m *resetModel) send(from *end, box []byte) {
	if box != nil {
		m.sky = append(m.sky, flight{to: m.other(from), box: box})
	}
}

// say seals a content in the ratchet that sends, if it can.
func (m *resetModel) say(from *end) {
	box, next, err := from.state.Seal([]byte("content"), from.now)
	if err != nil {
		return
	}
	from.state = next
	m.sky = append(m.sky, flight{m.other(from), box, next.lines[0].t2})
}

// arrive is what a program does with a box.
func (m *resetModel) arrive(t *rapid.T, f flight) {
	e := f.to
	_, next, err := e.state.Open(f.box, e.now)
	if err == nil {
		e.state = next

		return
	}
	if !errors.Is(err, ErrUnknown) {
		if f.ratchet == [32]byte{} {
			t.Fatalf("a box of a reset in a ratchet: %v", err)
		}
		return // repeated
	}
	renewed := e.renewed
	reply, err := e.try(f.box)
	if err != nil {
		holds := slices.ContainsFunc(e.state.lines, func(l line) bool { return l.t2 == f.ratchet })
		if f.ratchet != [32]byte{} && holds && !m.back {
			t.Fatalf("a box of a ratchet that is there: %v", err)
		}
		return
	}
	if f.ratchet != [32]byte{} {
		return // it stood for M5, and has opened
	}
	m.send(e, reply)
	if e.renewed > renewed && e == m.s {
		m.say(e)
	}
}

func (m *resetModel) actions(numbers map[*end][]uint64) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"start": func(t *rapid.T) {
			e := m.draw(t)
			step, next, err := e.reset.Start(e.id, e.peer, e.now)
			if err == nil {
				e.keep(step, next)
				numbers[e] = append(numbers[e], next.Number())
				m.send(e, step.Reply)
			}
		},
		"deliver": func(t *rapid.T) {
			if len(m.sky) == 0 {
				return
			}
			i := rapid.IntRange(0, len(m.sky)-1).Draw(t, "which")
			f := m.sky[i]
			if !rapid.Bool().Draw(t, "again") {
				m.sky = slices.Delete(m.sky, i, i+1)
			}
			m.arrive(t, f)
		},
		"drop": func(t *rapid.T) {
			if len(m.sky) > 0 {
				i := rapid.IntRange(0, len(m.sky)-1).Draw(t, "which")
				m.sky = slices.Delete(m.sky, i, i+1)
			}
		},
		"resend":  func(t *rapid.T) { e := m.draw(t); m.send(e, e.reset.Last()) },
		"say":     func(t *rapid.T) { m.say(m.draw(t)) },
		"restart": func(t *rapid.T) { m.draw(t).restart() },
		"wait": func(t *rapid.T) {
			minutes := rapid.SampledFrom([]int{-90, 1, 59, 61, 3000}).Draw(t, "minutes")
			e := m.draw(t)
			e.now = e.now.Add(time.Duration(minutes) * time.Minute)
		},
		"settle": func(t *rapid.T) {
			if e := m.draw(t); e.state.Heard() {
				e.reset = e.reset.Settle()
			}
		},
		"copy": func(t *rapid.T) { e := m.draw(t); m.copies[e] = append(m.copies[e], *e) },
		"put back": func(t *rapid.T) {
			e := m.draw(t)
			if len(m.copies[e]) > 0 {
				c := rapid.SampledFrom(m.copies[e]).Draw(t, "copy")
				e.state, e.reset, m.back = c.state, c.reset, true
			}
		},
		"restore": func(t *rapid.T) {
			e := m.draw(t)
			n := uint64(0)
			if old := numbers[e]; len(old) > 0 {
				n = rapid.SampledFrom(old).Draw(t, "copy")
			}
			e.state, e.reset = State{}, NewReset(e.reset.rs, n)
			step, next, err := e.reset.Start(e.id, e.peer, e.now)
			if err != nil {
				t.Fatal(err)
			}
			e.keep(step, next)
			m.send(e, step.Reply)
		},
	}
}

// settle lets everything that is under way come to its end, over a link that loses nothing.
func (m *resetModel) settle(t *rapid.T) {
	for range 40 {
		if !m.s.reset.UnderWay() && !m.r.reset.UnderWay() {
			return
		}
		for _, e := range []*end{m.s, m.r} {
			e.now = e.now.Add(30 * time.Minute)
			m.send(e, e.reset.Last())
		}
		for len(m.sky) > 0 {
			f := m.sky[0]
			m.sky = m.sky[1:]
			m.arrive(t, f)
		}
	}
	t.Fatalf("no end: S %d, R %d", m.s.reset.pairing.Phase(), m.r.reset.pairing.Phase())
}

// Whatever is lost, repeated, reordered, restarted and restored, and whoever starts:
// in the end both send in the same ratchet, which works both ways, or in the one that
// they had. After a copy that was put back unnoticed it takes one reset more.
func TestResetModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, r := contacts(t)
		m := &resetModel{s: s, r: r, first: s.state.lines[0].t2, copies: map[*end][]end{}}
		numbers := map[*end][]uint64{}
		rt.Repeat(m.actions(numbers))
		started := s.reset.Number() > 0 || r.reset.Number() > 0 || r.reset.UnderWay()

		m.sky = nil // what follows are repeats only
		m.settle(rt)
		if m.back { // what the two notice by boxes that do not open
			for _, e := range []*end{s, r} {
				e.now = e.now.Add(2 * time.Hour)
			}
			m.send(s, s.start())
			m.settle(rt)
		}
		if len(s.state.lines) == 0 || len(r.state.lines) == 0 {
			rt.Fatal("a session was not renewed")
		}
		a, b := s.state.lines[0], r.state.lines[0]
		if a.t2 != b.t2 {
			rt.Fatal("they send in different ratchets")
		}
		if !started && !m.back && (a.t2 != m.first || s.renewed+r.renewed > 0) {
			rt.Fatal("renewed without a reset")
		}
		if a.t2 != m.first && s.reset.Number() != r.reset.Number() {
			rt.Fatalf("numbers %d and %d", s.reset.Number(), r.reset.Number())
		}
		if a.rs != b.rs {
			rt.Fatal("they have different RS")
		}
		talk(t, s, r)
	})
}
