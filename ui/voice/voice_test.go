//go:build cgo && !windows

package voice_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tacit/ui/voice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record hears sound to its end, or to the end of the microphone.
func record(t testing.TB, sound []float32, gone bool) (rec voice.Recording, told []voice.Progress, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(len(sound))*time.Second/voice.Rate)
	if gone {
		ctx, cancel = context.WithCancel(t.Context())
	}
	defer cancel()
	rec, err = voice.Record(ctx, newMicrophone(sound, gone), func(p voice.Progress) { told = append(told, p) })
	return rec, told, err
}

func note(t testing.TB, rec voice.Recording) *voice.Note {
	t.Helper()
	n, err := voice.Parse(rec.Data)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestLengthTellsNothingButTime records speech, silence, noise and a tone of one length:
// the files are of one length, and so is each page of them.
func TestLengthTellsNothingButTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sizes := map[int][]string{}
		for name, pcm := range map[string][]float32{
			"speech": speech(t), "silence": make([]float32, 5*voice.Rate),
			"noise": noise(5 * voice.Rate), "tone": tone(5*voice.Rate, 120),
		} {
			rec, _, err := record(t, pcm, true)
			if !errors.Is(err, voice.ErrGone) || rec.Length != 5*time.Second {
				t.Fatalf("%s: %v, %v", name, rec.Length, err)
			}
			sizes[len(rec.Data)] = append(sizes[len(rec.Data)], name)
		}
		if len(sizes) != 1 {
			t.Errorf("sizes differ by what was said: %v", sizes)
		}
		t.Logf("5 s are %v bytes", sizes)
	})
}

// TestDeviceGoneKeepsWhatWasSaid takes the microphone away in the middle.
func TestDeviceGoneKeepsWhatWasSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := speech(t)[:2*voice.Rate+123]
		rec, told, err := record(t, said, true)
		if !errors.Is(err, voice.ErrGone) {
			t.Fatalf("the end was %v", err)
		}
		n := note(t, rec)
		if want := time.Duration(len(said)) * time.Second / voice.Rate; n.Length() != want || rec.Length != want {
			t.Errorf("kept %v and %v of %v", rec.Length, n.Length(), want)
		}
		if len(told) < 15 || told[len(told)-1].Length > 2*time.Second+2*time.Millisecond {
			t.Errorf("told %d times, at last of %v", len(told), told[len(told)-1].Length)
		}
		for i, p := range told {
			if len(rec.Levels) != len(told) || rec.Levels[i] != p.Level {
				t.Fatalf("%d levels are kept of %d, or others", len(rec.Levels), len(told))
			}
		}
		if _, _, err := record(t, nil, true); !errors.Is(err, voice.ErrGone) {
			t.Errorf("nothing was heard: %v", err)
		}
	})
}

func TestRecordingEndsWhenAskedAndWhenFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
		defer cancel()
		m := newMicrophone(nil, false)
		rec, err := voice.Record(ctx, m, func(voice.Progress) {})
		if err != nil || rec.Length < 650*time.Millisecond || rec.Length > 700*time.Millisecond || rec.Full() {
			t.Errorf("stopped after %v: %v", rec.Length, err)
		}
		if _, err := m.Read(make([]float32, 1)); !errors.Is(err, voice.ErrClosed) {
			t.Errorf("the microphone is still open: %v", err)
		}
		rec, err = voice.Record(t.Context(), newMicrophone(nil, false), func(voice.Progress) {})
		if err != nil || rec.Length != voice.MaxLength || !rec.Full() {
			t.Errorf("full after %v: %v", rec.Length, err)
		}
		if len(rec.Levels) != voice.MaxLevels {
			t.Errorf("%d levels are kept of a quarter of an hour", len(rec.Levels))
		}
		if n := len(rec.Data); n > 2_800_000 {
			t.Errorf("a quarter of an hour is %d bytes", n)
		}
		done, stop := context.WithCancel(t.Context())
		stop()
		if _, err := voice.Record(done, newMicrophone(nil, false), func(voice.Progress) {}); !errors.Is(err, voice.ErrNothing) {
			t.Errorf("ended before it began: %v", err)
		}
	})
}

// play plays a note from a place on and returns what was heard.
func play(t testing.TB, n *voice.Note, at time.Duration, speed float64) []float32 {
	t.Helper()
	l := &loudspeaker{}
	var last time.Duration
	err := voice.NewPlayer(n, at, speed).Run(t.Context(), l, func(at time.Duration) {
		if at < last {
			t.Errorf("went back from %v to %v", last, at)
		}
		last = at
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != n.Length() {
		t.Errorf("ended at %v of %v", last, n.Length())
	}
	return l.heard
}

// TestPlaysAtEachSpeedWithThePitchKept compares lengths and fundamentals.
func TestPlaysAtEachSpeedWithThePitchKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, hz := range []float64{95, 120, 210} {
			rec, _, _ := record(t, tone(6*voice.Rate, hz), true)
			n := note(t, rec)
			for _, speed := range voice.Speeds {
				heard := play(t, n, 0, speed)
				long, want := float64(len(heard))/voice.Rate, 6/speed
				got := fundamental(heard)
				t.Logf("%.0f Hz at %.1fx: %.2f s, %.1f Hz", hz, speed, long, got)
				if long < want || long > want+0.4 {
					t.Errorf("%.1fx: heard for %.2f s, want %.2f", speed, long, want)
				}
				if math.Abs(got-hz) > hz*0.01 {
					t.Errorf("%.1fx: the fundamental is %.1f Hz, was %.1f", speed, got, hz)
				}
			}
		}
	})
}

// TestPiecesJoinWithoutClicks plays a tone of a pitch that no piece holds whole: no step
// from one sample to the next is greater than those of the tone itself.
func TestPiecesJoinWithoutClicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := append(tone(2*voice.Rate, 97), tone(2*voice.Rate, 161)...)
		rec, _, _ := record(t, said, true)
		n := note(t, rec)
		middle := func(pcm []float32) []float32 { return pcm[len(pcm)/10 : len(pcm)*8/10] }
		want := step(middle(play(t, n, 0, 1)))
		for _, speed := range voice.Speeds[1:] {
			got := step(middle(play(t, n, 0, speed)))
			t.Logf("%.1fx: steps of %.4f, at 1x %.4f", speed, got, want)
			if got > 1.5*want {
				t.Errorf("%.1fx: a step of %.4f, at 1x they are at most %.4f", speed, got, want)
			}
		}
	})
}

// step is the greatest difference between two samples that follow one another.
func step(pcm []float32) (most float64) {
	for i := range len(pcm) - 1 {
		most = max(most, math.Abs(float64(pcm[i+1]-pcm[i])))
	}
	return most
}

// TestSpeechKeepsItsSound measures that fast speech is as loud as before and has no gaps:
// pieces that did not fit would cancel one another out.
func TestSpeechKeepsItsSound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := speech(t)
		rec, _, _ := record(t, said, true)
		n := note(t, rec)
		want := power(said)
		for _, speed := range voice.Speeds {
			heard := play(t, n, 0, speed)
			got := power(heard[:int(float64(len(said))/speed)])
			t.Logf("%.1fx: %.2f dB", speed, 10*math.Log10(got/want))
			if math.Abs(10*math.Log10(got/want)) > 1 {
				t.Errorf("%.1fx: the power changed by %.2f dB", speed, 10*math.Log10(got/want))
			}
		}
	})
}

func power(pcm []float32) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(pcm))
}

// TestSeekAndSpeedWhilePlaying finds the place by the pitch that is heard there.
func TestSeekAndSpeedWhilePlaying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, _, _ := record(t, append(tone(4*voice.Rate, 100), tone(4*voice.Rate, 200)...), true)
		n := note(t, rec)
		if hz := fundamental(play(t, n, 5*time.Second, 1)); math.Abs(hz-200) > 3 {
			t.Errorf("from 5 s on: %.0f Hz", hz)
		}
		p := voice.NewPlayer(n, 0, 1)
		l := &loudspeaker{}
		began, moved := time.Now(), false
		err := p.Run(t.Context(), l, func(at time.Duration) {
			if !moved && at > time.Second {
				moved = true
				p.Seek(6 * time.Second)
				p.SetSpeed(2)
			}
		})
		if took := time.Since(began); err != nil || took < 1900*time.Millisecond || took > 2500*time.Millisecond {
			t.Errorf("one second, then two at double speed: %v, %v", took, err)
		}
		if hz := fundamental(l.heard[len(l.heard)-2*voice.Rate/2:]); math.Abs(hz-200) > 3 {
			t.Errorf("after the jump: %.0f Hz", hz)
		}
	})
}

func TestPlayingEndsWithItsContextAndItsDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, _, _ := record(t, speech(t), true)
		n := note(t, rec)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		p := voice.NewPlayer(n, 0, 1)
		if err := p.Run(ctx, &loudspeaker{}, func(time.Duration) {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopped: %v", err)
		}
		if at := p.At(); at < 700*time.Millisecond || at > 1100*time.Millisecond {
			t.Errorf("stopped after a second at %v", at)
		}
		if err := p.Run(t.Context(), &loudspeaker{goneAt: voice.Rate}, func(time.Duration) {}); !errors.Is(err, voice.ErrGone) {
			t.Errorf("the device is gone: %v", err)
		}
	})
}

// TestWaveShowsWhatIsLoud draws a note that is loud in its middle third.
func TestWaveShowsWhatIsLoud(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pcm := make([]float32, 6*voice.Rate)
		copy(pcm[2*voice.Rate:], tone(2*voice.Rate, 150))
		rec, _, _ := record(t, pcm, true)
		w, err := note(t, rec).Wave(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range w {
			loud := i > voice.WaveBars/3 && i < 2*voice.WaveBars/3-1
			silent := i < voice.WaveBars/3-1 || i > 2*voice.WaveBars/3
			if loud && v < 200 || silent && v > 20 {
				t.Errorf("bar %d is %d", i, v)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := note(t, rec).Wave(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
	})
}

func TestHostileNotes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec, _, _ := record(t, speech(t), true)
		for name, data := range map[string][]byte{
			"nothing": nil, "text": []byte("hello"), "cut": rec.Data[:len(rec.Data)-1], "twice": bytes.Repeat(rec.Data, 2),
		} {
			if _, err := voice.Parse(bytes.Clone(data)); !errors.Is(err, voice.ErrMalformed) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := voice.Read(endless{}); !errors.Is(err, voice.ErrMalformed) {
			t.Errorf("an endless file: %v", err)
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func BenchmarkWaveOfAMinute(b *testing.B) {
	rec, err := recordAtOnce(b, 12)
	if err != nil {
		b.Fatal(err)
	}
	n := note(b, rec)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := n.Wave(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlayAtDoubleSpeed plays a minute of speech as fast as it can be made.
func BenchmarkPlayAtDoubleSpeed(b *testing.B) {
	rec, err := recordAtOnce(b, 12)
	if err != nil {
		b.Fatal(err)
	}
	n := note(b, rec)
	for b.Loop() {
		if err := voice.NewPlayer(n, 0, 2).Run(b.Context(), nowhere{}, func(time.Duration) {}); err != nil {
			b.Fatal(err)
		}
	}
}

// recordAtOnce records five seconds of speech some times, without waiting for a clock.
func recordAtOnce(b *testing.B, times int) (voice.Recording, error) {
	var pcm []float32
	for range times {
		pcm = append(pcm, speech(b)...)
	}
	rec, err := voice.Record(b.Context(), &tape{pcm}, func(voice.Progress) {})
	if errors.Is(err, voice.ErrGone) {
		err = nil
	}
	return rec, err
}

type tape struct{ left []float32 }

func (t *tape) Read(p []float32) (int, error) {
	n := copy(p, t.left)
	if t.left = t.left[n:]; n == 0 {
		return 0, voice.ErrGone
	}
	return n, nil
}

func (t *tape) Close() error { return nil }

type nowhere struct{}

func (nowhere) Write([]float32) error { return nil }
func (nowhere) Pending() int          { return 0 }
func (nowhere) Close() error          { return nil }
