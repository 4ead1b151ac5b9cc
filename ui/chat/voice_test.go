//go:build cgo && !windows

package chat

import (
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/voice"
	"tacit/ui/widget"
)

// studio are sound devices that keep the time of the clock.
type studio struct {
	mu     sync.Mutex
	mute   error         // why nothing can be recorded
	silent error         // why nothing can be played
	goneAt time.Duration // the microphone is gone so long after it was opened; 0: never
	open   int           // devices that are open
	played int           // samples
}

func (s *studio) CanRecord() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mute
}

func (s *studio) Record() (voice.Source, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mute != nil {
		return nil, s.mute
	}
	s.open++
	return &studioDevice{s: s, closed: make(chan struct{})}, nil
}

func (s *studio) Play() (voice.Sink, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent != nil {
		return nil, s.silent
	}
	s.open++
	return &studioDevice{s: s, closed: make(chan struct{})}, nil
}

func (s *studio) opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// studioDevice hears a tone, and plays for nobody.
type studioDevice struct {
	s      *studio
	at     int
	closed chan struct{}
	once   sync.Once
}

func (d *studioDevice) pass(n int) error {
	select {
	case <-d.closed:
		return voice.ErrClosed
	case <-time.After(time.Duration(n) * time.Second / voice.Rate):
		return nil
	}
}

func (d *studioDevice) Read(p []float32) (int, error) {
	if d.s.goneAt > 0 && d.at >= int(d.s.goneAt*voice.Rate/time.Second) {
		return 0, voice.ErrGone
	}
	n := min(len(p), 480)
	if err := d.pass(n); err != nil {
		return 0, err
	}
	for i := range n {
		p[i] = float32(0.5 * math.Sin(2*math.Pi*200*float64(d.at+i)/voice.Rate))
	}
	d.at += n
	return n, nil
}

func (d *studioDevice) Write(p []float32) error {
	d.s.mu.Lock()
	d.s.played += len(p)
	d.s.mu.Unlock()
	return d.pass(len(p))
}

func (d *studioDevice) Pending() int { return 0 }

func (d *studioDevice) Close() error {
	d.once.Do(func() {
		close(d.closed)
		d.s.mu.Lock()
		d.s.open--
		d.s.mu.Unlock()
	})
	return nil
}

// passes lets time go by, with what is posted meanwhile.
func (s *seat) passes(d time.Duration) {
	for ; d > 0; d -= 50 * time.Millisecond {
		time.Sleep(min(d, 50*time.Millisecond))
		synctest.Wait()
		s.runPosted()
	}
}

// withSound gives both sides sound.
func withSound(t *testing.T) (amina, claire *seat, a, c *studio) {
	t.Helper()
	amina, claire = pairOfSeats(t)
	a, c = &studio{}, &studio{}
	amina.talk.UseSound(a)
	claire.talk.UseSound(c)
	both(amina, claire)
	return amina, claire, a, c
}

func voiceOf(s *seat, m app.Message) *widget.ThreadVoice {
	if f := s.talk.item(m).File; f != nil {
		return f.Voice
	}
	return nil
}

// TestVoiceNoteIsRecordedSentAndPlayed goes the whole way between two messengers.
func TestVoiceNoteIsRecordedSentAndPlayed(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire, a, c := withSound(t)
		defer both(amina, claire)
		amina.talk.Record()
		amina.passes(3 * time.Second)
		if state, told := amina.talk.Recording(); state != RecordOn || told.Length < 2500*time.Millisecond || told.Level < 0.5 || a.opened() != 1 {
			t.Fatalf("recording %v, %+v, %d devices open", state, told, a.opened())
		}
		amina.talk.SendRecording()
		both(amina, claire)
		both(amina, claire)
		if state, _ := amina.talk.Recording(); state != RecordOff || a.opened() != 0 {
			t.Errorf("still recording: %v, %d devices open", state, a.opened())
		}
		for _, s := range []*seat{amina, claire} {
			m := s.last(t)
			if m.File == nil || m.File.Name != voiceName || m.File.Type != voiceType {
				t.Fatalf("%s has %+v", s.Name, m.File)
			}
			_ = voiceOf(s, m) // it begins to be drawn
			s.catchUp()
			v := voiceOf(s, m)
			if v == nil || v.Length < 2900*time.Millisecond || v.Length > 3100*time.Millisecond || v.Bars[24] < 200 || v.Playing {
				t.Fatalf("%s sees %+v", s.Name, v)
			}
			if w := bodyWord(m, ""); w != lang.T("voice.note") {
				t.Errorf("the list says %q", w)
			}
		}

		m := claire.last(t)
		claire.talk.Play(m.ID)
		claire.passes(time.Second)
		if v := voiceOf(claire, m); !v.Playing || v.At < 800*time.Millisecond || v.At > 1200*time.Millisecond || c.opened() != 1 {
			t.Errorf("after a second: %+v, %d devices open", v, c.opened())
		}
		claire.talk.Play(m.ID) // pauses
		claire.passes(time.Second)
		if v := voiceOf(claire, m); v.Playing || v.At > 1200*time.Millisecond || c.opened() != 0 {
			t.Errorf("paused: %+v, %d devices open", v, c.opened())
		}
		claire.talk.SeekVoice(m.ID, 0.5)
		claire.talk.SkipVoice(m.ID, -1)
		if v := voiceOf(claire, m); v.At != 0 {
			t.Errorf("five seconds back from 1.5 s: %v", v.At)
		}
		claire.talk.NextSpeed()
		claire.talk.NextSpeed()
		claire.talk.Play(m.ID)
		claire.passes(1200 * time.Millisecond)
		if v := voiceOf(claire, m); plain(v.Speed) != "2×" || v.At < 2*time.Second {
			t.Errorf("at double speed: %+v", v)
		}
		claire.passes(2 * time.Second)
		if v := voiceOf(claire, m); v.Playing || v.At != 0 || c.opened() != 0 {
			t.Errorf("at the end: %+v, %d devices open", v, c.opened())
		}
	})
}

// TestMicrophoneGoneWhileRecording keeps what was said, and sends it.
func TestMicrophoneGoneWhileRecording(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire, a, _ := withSound(t)
		defer both(amina, claire)
		a.goneAt = 2 * time.Second
		amina.talk.Record()
		amina.passes(3 * time.Second)
		state, told := amina.talk.Recording()
		if state != RecordEnded || told.Length != 2*time.Second || a.opened() != 0 {
			t.Fatalf("%v, %+v, %d devices open", state, told, a.opened())
		}
		if w := plain(errorWord(amina.talk.Err(), "")); !strings.Contains(w, "microphone is gone") {
			t.Errorf("it is said: %q", w)
		}
		amina.talk.SendRecording()
		both(amina, claire)
		both(amina, claire)
		if m := claire.last(t); m.File == nil || !playable(m) {
			t.Errorf("Claire has %+v", m)
		}
	})
}

func TestRecordingIsDiscardedLeftAndRefused(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire, a, _ := withSound(t)
		defer both(amina, claire)
		amina.talk.Record()
		amina.passes(time.Second)
		amina.talk.DiscardRecording()
		both(amina, claire)
		if state, _ := amina.talk.Recording(); state != RecordOff || a.opened() != 0 || amina.talk.Len() != 0 {
			t.Errorf("discarded: %v, %d devices open, %d messages", state, a.opened(), amina.talk.Len())
		}
		if n := len(amina.talk.RecordedLevels()); n != 0 {
			t.Errorf("%d levels of what was discarded are there", n)
		}

		// Another chat is opened while somebody speaks: the recording waits in this one.
		amina.talk.Record()
		amina.passes(time.Second)
		id := amina.talk.id
		amina.talk.Close()
		amina.catchUp()
		if a.opened() != 0 {
			t.Errorf("left: %d devices open", a.opened())
		}
		amina.open(t, id)
		amina.talk.UseSound(a)
		amina.catchUp()
		if state, told := amina.talk.Recording(); state != RecordEnded || told.Length < 900*time.Millisecond {
			t.Errorf("come back to: %v, %+v", state, told)
		}
		if n := len(amina.talk.RecordedLevels()); n < 9 {
			t.Errorf("%d levels came back with a second of speech", n)
		}
		amina.talk.DiscardRecording()

		// The window is put away while somebody speaks: nobody is listened to from there.
		amina.talk.Record()
		amina.passes(time.Second)
		amina.talk.PutAway()
		amina.catchUp()
		if state, _ := amina.talk.Recording(); state != RecordEnded || a.opened() != 0 || amina.talk.Err() != errRecordingKept {
			t.Errorf("put away: %v, %d devices open, %v", state, a.opened(), amina.talk.Err())
		}
		amina.talk.DiscardRecording()

		a.mute = voice.ErrNoMicrophone
		amina.talk.AskSound()
		amina.catchUp()
		amina.talk.Record()
		if state, _ := amina.talk.Recording(); state != RecordOff || muteWord(amina.talk.CanRecord()) != lang.T("voice.why_microphone") {
			t.Errorf("without a microphone: %v, %v", state, amina.talk.CanRecord())
		}
		a.mute = nil
		amina.talk.AskSound()
		amina.catchUp()
		a.mute = voice.ErrNoSound // it goes between the question and the press
		amina.talk.Record()
		amina.catchUp()
		if state, _ := amina.talk.Recording(); state != RecordOff || amina.talk.Err() != errNotRecorded {
			t.Errorf("gone before it began: %v, %v", state, amina.talk.Err())
		}
	})
}

// TestPlayingEnds with the chat, the message, another note, and the loudspeaker.
func TestPlayingEnds(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire, _, c := withSound(t)
		defer both(amina, claire)
		for range 2 {
			amina.talk.Record()
			amina.passes(4 * time.Second)
			amina.talk.SendRecording()
			both(amina, claire)
			both(amina, claire)
		}
		first, second := claire.talk.Item(0), claire.talk.Item(1)
		_, _ = voiceOf(claire, first), voiceOf(claire, second)
		claire.catchUp()

		claire.talk.Play(first.ID)
		claire.passes(time.Second)
		claire.talk.Play(second.ID)
		claire.passes(time.Second)
		if voiceOf(claire, first).Playing || !voiceOf(claire, second).Playing || c.opened() != 1 {
			t.Errorf("two notes at once: %d devices open", c.opened())
		}
		amina.talk.Delete(amina.talk.Item(1).ID, true)
		amina.passes(time.Second)
		claire.passes(500 * time.Millisecond)
		claire.Events()
		for events := claire.Events(); claire.told < len(events); claire.told++ {
			claire.talk.Handle(events[claire.told])
		}
		claire.passes(500 * time.Millisecond)
		if c.opened() != 0 {
			t.Errorf("a message that was taken back is heard: %d devices open", c.opened())
		}

		c.silent = voice.ErrNoLoudspeaker
		claire.talk.Play(first.ID)
		claire.catchUp()
		if voiceOf(claire, first).Playing || claire.talk.Err() != errNoLoudspeaker {
			t.Errorf("without a loudspeaker: %v", claire.talk.Err())
		}
		c.silent = nil
		claire.talk.Play(first.ID)
		claire.passes(time.Second)
		claire.talk.Close()
		claire.passes(200 * time.Millisecond)
		if c.opened() != 0 {
			t.Errorf("a chat that is closed is heard: %d devices open", c.opened())
		}
	})
}

// TestWhatIsNoVoiceNoteIsAFile sends something else under the name of one.
func TestWhatIsNoVoiceNoteIsAFile(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire, _, _ := withSound(t)
		defer both(amina, claire)
		amina.talk.Attach(writeFile(t, voiceName, "OggS\x00 and nothing that can be played"))
		amina.settle()
		amina.talk.Send("listen")
		both(amina, claire)
		both(amina, claire)
		m := claire.last(t)
		if !playable(m) {
			t.Fatalf("it does not even say that it is one: %+v", m.File)
		}
		_ = voiceOf(claire, m)
		claire.catchUp()
		if f := claire.talk.item(m).File; f.Voice != nil || f.Action != widget.FileExport {
			t.Errorf("it is shown as %+v", f)
		}
	})
}
