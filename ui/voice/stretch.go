package voice

import "math"

// Sizes of the time stretch, in samples: 15 ms pieces, moved by at most 10 ms, which is a
// whole period of a voice of 100 Hz.
const (
	hop    = Rate * 15 / 1000
	search = Rate * 10 / 1000
	coarse = 4 // step of the first look for the best place
)

// stretcher makes sound faster and leaves its pitch: it lays pieces of it over one
// another, each moved to where it goes on best from the one before (WSOLA, after Verhelst
// and Roelands, 1993).
//
// Owner: one goroutine.
type stretcher struct {
	speed  float64
	in     []float32 // from base on
	base   int64
	last   int64   // where the piece before was taken
	target float64 // where that was to be taken
	begun  bool
}

// push takes samples of the note, in order.
func (s *stretcher) push(p []float32) { s.in = append(s.in, p...) }

// end is the place after what was pushed.
func (s *stretcher) end() int64 { return s.base + int64(len(s.in)) }

// pull writes the next hop samples to out, and reports whether there were enough.
func (s *stretcher) pull(out []float32) bool {
	if !s.begun {
		if s.end() < s.base+hop {
			return false
		}
		copy(out[:hop], s.in)
		s.begun, s.last, s.target = true, s.base, float64(s.base)
		return true
	}
	target := s.target + hop*s.speed
	first := max(s.base, int64(target)-search)
	goesOn := s.last + hop
	if s.end() < max(int64(target)+search+hop, goesOn+hop) {
		return false
	}
	s.target = target
	at := s.best(first, int64(target)+search, goesOn)
	a, b := s.in[goesOn-s.base:], s.in[at-s.base:]
	for i := range hop {
		w := fade[i]
		out[i] = a[i]*(1-w) + b[i]*w
	}
	s.last = at
	s.forget()
	return true
}

// best returns the place from first to last where the sound is most like that at goesOn.
func (s *stretcher) best(first, last, goesOn int64) int64 {
	like := s.in[goesOn-s.base:][:hop]
	at, most := first, math.Inf(-1)
	look := func(from, to, step int64, skip int) {
		for i := from; i <= to; i += step {
			if v := likeness(like, s.in[i-s.base:][:hop], skip); v > most {
				at, most = i, v
			}
		}
	}
	look(first, last, coarse, coarse)
	near := at
	most = math.Inf(-1)
	look(max(first, near-coarse), min(last, near+coarse), 1, 1)
	return at
}

// likeness is the correlation of two pieces, of every skip-th sample.
func likeness(a, b []float32, skip int) float64 {
	var product, power float32
	for i := 0; i < len(a); i += skip {
		product += a[i] * b[i]
		power += b[i] * b[i]
	}
	return float64(product) / math.Sqrt(float64(power)+1e-6)
}

// forget drops what no later piece can be taken from.
func (s *stretcher) forget() {
	keep := min(s.last+hop, int64(s.target+hop*s.speed)-search) - hop
	if n := keep - s.base; n > Rate {
		clear(s.in[copy(s.in, s.in[n:]):])
		s.in = s.in[:int64(len(s.in))-n]
		s.base = keep
	}
}

// erase overwrites what is left of the sound.
func (s *stretcher) erase() { clear(s.in[:cap(s.in)]) }

// fade is the share of the next piece while it comes in: a half of Hann's window.
var fade = func() (w [hop]float32) {
	for i := range w {
		w[i] = float32(0.5 - 0.5*math.Cos(math.Pi*(float64(i)+0.5)/hop))
	}
	return w
}()
