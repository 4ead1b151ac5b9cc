package voice_test

import (
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"tacit/ui/voice"
)

// microphone hears sound at the speed of the clock, and is gone at its end where it says so.
type microphone struct {
	sound  []float32
	gone   bool // at the end of sound; else it hears silence from then on
	closed chan struct{}
	once   sync.Once
}

func newMicrophone(sound []float32, gone bool) *microphone {
	return &microphone{sound: sound, gone: gone, closed: make(chan struct{})}
}

func (m *microphone) Read(p []float32) (int, error) {
	n := min(len(p), 441) // devices know nothing of our frames
	select {
	case <-m.closed:
		return 0, voice.ErrClosed
	case <-time.After(time.Duration(n) * time.Second / voice.Rate):
	}
	if len(m.sound) == 0 && m.gone {
		return 0, voice.ErrGone
	}
	k := copy(p[:n], m.sound)
	m.sound = m.sound[k:]
	if k == 0 || !m.gone {
		clear(p[k:n])
		k = n
	}
	return k, nil
}

func (m *microphone) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

// loudspeaker plays at the speed of the clock and keeps what was heard.
type loudspeaker struct {
	heard   []float32
	began   time.Time
	goneAt  int // samples after which it is gone; 0: never
	closed  bool
	written int
}

func (l *loudspeaker) Write(p []float32) error {
	switch {
	case l.closed:
		return voice.ErrClosed
	case l.goneAt > 0 && l.written >= l.goneAt:
		return voice.ErrGone
	}
	if l.began.IsZero() {
		l.began = time.Now()
	}
	l.heard = append(l.heard, p...)
	l.written += len(p)
	if over := l.Pending() - voice.Rate/5; over > 0 {
		time.Sleep(time.Duration(over) * time.Second / voice.Rate)
	}
	return nil
}

func (l *loudspeaker) Pending() int {
	return max(0, l.written-int(time.Since(l.began)*voice.Rate/time.Second))
}

func (l *loudspeaker) Close() error {
	l.closed = true
	return nil
}

func speech(t testing.TB) []float32 {
	t.Helper()
	wav, err := os.ReadFile("testdata/speech.wav") // five seconds of espeak-ng, 16 kHz
	if err != nil {
		t.Fatal(err)
	}
	var out []float32
	for b := wav[44:]; len(b) > 1; b = b[2:] {
		v := float32(int16(uint16(b[0])|uint16(b[1])<<8)) / 32768
		out = append(out, v, v, v)
	}
	return out
}

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]float32, n)
	for i := range out {
		out[i] = r.Float32()*2 - 1
	}
	return out
}

// tone is a voice-like sound: a fundamental with four overtones.
func tone(n int, hz float64) []float32 {
	out := make([]float32, n)
	for i := range out {
		for k := 1.0; k <= 5; k++ {
			out[i] += float32(0.3 / k * math.Sin(2*math.Pi*hz*k*float64(i)/voice.Rate))
		}
	}
	return out
}

// fundamental is the pitch of a sound in Hz: the first place where it is about as much like
// itself as anywhere.
func fundamental(pcm []float32) float64 {
	pcm = pcm[len(pcm)/4 : len(pcm)/4+voice.Rate/2]
	const first, last = voice.Rate / 400, voice.Rate / 60
	var like [last]float64
	most := 0.0
	for lag := first; lag < last; lag++ {
		sum, power := 0.0, 1e-9
		for i := 0; i+lag < len(pcm); i += 2 {
			sum += float64(pcm[i]) * float64(pcm[i+lag])
			power += float64(pcm[i+lag]) * float64(pcm[i+lag])
		}
		like[lag] = sum / math.Sqrt(power)
		most = max(most, like[lag])
	}
	for lag := first + 1; lag < last-1; lag++ {
		if like[lag] > 0.9*most && like[lag] >= like[lag-1] && like[lag] >= like[lag+1] {
			return voice.Rate / float64(lag)
		}
	}
	return 0
}
