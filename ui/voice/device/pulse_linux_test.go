package device_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tacit/ui/voice"
	"tacit/ui/voice/device"
)

// TestMain leaves out what a device that is gone leaves behind.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("tacit/ui/voice/device.(*stream).release"))
}

// server is a PulseAudio of its own: a loudspeaker that nobody hears, and a microphone
// that hears what it plays.
type server struct {
	t      *testing.T
	dir    string
	socket string
	cmd    *exec.Cmd
}

func startServer(t *testing.T, modules ...string) *server {
	t.Helper()
	program, err := exec.LookPath("pulseaudio")
	if err != nil {
		t.Fatal("pulseaudio is not installed: packaging/setup.sh test installs it")
	}
	s := &server{t: t, dir: t.TempDir()}
	s.socket = filepath.Join(s.dir, "native")
	args := []string{
		"-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-level=error",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket=" + s.socket,
	}
	for _, m := range modules {
		args = append(args, "-L", m)
	}
	s.cmd = exec.Command(program, args...)
	s.cmd.Env = append(os.Environ(), "HOME="+s.dir, "XDG_RUNTIME_DIR="+s.dir, "PULSE_RUNTIME_PATH="+s.dir, "DBUS_SESSION_BUS_ADDRESS=")
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.end)
	t.Setenv("PULSE_SERVER", "unix:"+s.socket)
	t.Setenv("PULSE_RUNTIME_PATH", s.dir)
	s.until("the server answers", func() bool { return s.pactl("info") == nil })
	return s
}

func (s *server) pactl(args ...string) error {
	return exec.Command("pactl", append([]string{"--server=unix:" + s.socket}, args...)...).Run()
}

func (s *server) end() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill() // it may have ended
		_ = s.cmd.Wait()
	}
}

func (s *server) until(what string, done func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("never: " + what)
		}
	}
}

const (
	loudspeaker = "module-null-sink sink_name=out"
	microphone  = "module-remap-source master=out.monitor source_name=mic"
)

// say plays the speech of the tests into the loudspeaker of the server, until it is stopped.
func (s *server) say() (stop func()) {
	wav, err := filepath.Abs("../testdata/speech.wav")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			cmd := exec.CommandContext(ctx, "paplay", "--server=unix:"+s.socket, "--device=out", wav)
			_ = cmd.Run() // it is ended in the middle
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// record records until what is told says that it is enough.
func record(t *testing.T, enough func(voice.Progress) bool) (voice.Recording, error) {
	t.Helper()
	src, err := device.Devices{}.Record()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return voice.Record(ctx, src, func(p voice.Progress) {
		if enough(p) {
			cancel()
		}
	})
}

// TestSpeechIsRecordedAndPlayed records speech through the server, plays what was recorded
// into it, and records that.
func TestSpeechIsRecordedAndPlayed(t *testing.T) {
	s := startServer(t, loudspeaker, microphone)
	if err := (device.Devices{}).CanRecord(); err != nil {
		t.Fatal(err)
	}
	stop := s.say()
	loudest := float32(0)
	rec, err := record(t, func(p voice.Progress) bool {
		loudest = max(loudest, p.Level)
		return p.Length > 3*time.Second && loudest > 0.4
	})
	stop()
	if err != nil {
		t.Fatalf("%v after %v, the loudest %.2f", err, rec.Length, loudest)
	}
	n := parse(t, rec)
	if p := power(t, n); p < 1e-4 {
		t.Errorf("the power of what was recorded is %g", p)
	}

	heard := make(chan voice.Recording)
	ctx, cancel := context.WithCancel(context.Background())
	src, err := device.Devices{}.Record()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		rec, _ := voice.Record(ctx, src, func(voice.Progress) {})
		heard <- rec
	}()
	sink, err := device.Devices{}.Play()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := voice.NewPlayer(n, 0, 2).Run(context.Background(), sink, func(time.Duration) {}); err != nil {
		t.Error(err)
	}
	took := time.Since(began)
	sink.Close()
	cancel()
	again := parse(t, <-heard)
	t.Logf("%v at double speed took %v; power %.5f, played and recorded again %.5f", n.Length(), took, power(t, n), power(t, again))
	if took < n.Length()/2-200*time.Millisecond || took > n.Length()/2+3*time.Second {
		t.Errorf("%v at double speed took %v", n.Length(), took)
	}
	if p := power(t, again); p < power(t, n)/8 {
		t.Errorf("the power of what was played is %g", p)
	}
}

func parse(t *testing.T, rec voice.Recording) *voice.Note {
	t.Helper()
	n, err := voice.Parse(bytes.Clone(rec.Data))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// power is the mean square of a note.
func power(t *testing.T, n *voice.Note) float64 {
	t.Helper()
	var meter meter
	if err := voice.NewPlayer(n, 0, 1).Run(context.Background(), &meter, func(time.Duration) {}); err != nil {
		t.Fatal(err)
	}
	return meter.sum / float64(voice.Rate) / n.Length().Seconds()
}

type meter struct{ sum float64 }

func (m *meter) Write(p []float32) error {
	for _, v := range p {
		m.sum += math.Pow(float64(v), 2)
	}
	return nil
}
func (*meter) Pending() int { return 0 }
func (*meter) Close() error { return nil }

// TestMicrophoneThatIsTakenAway takes it from the server in the middle of a recording.
func TestMicrophoneThatIsTakenAway(t *testing.T) {
	s := startServer(t, loudspeaker, microphone)
	var length time.Duration
	rec, err := record(t, func(p voice.Progress) bool {
		if length = p.Length; length > time.Second && length < 1200*time.Millisecond {
			if err := s.pactl("unload-module", "module-remap-source"); err != nil {
				t.Error(err)
			}
		}
		return false
	})
	keptAndGone(t, rec, err)
}

// TestServerThatDies kills the sound server in the middle of a recording, and while a note
// is played.
func TestServerThatDies(t *testing.T) {
	s := startServer(t, loudspeaker, microphone)
	rec, err := record(t, func(p voice.Progress) bool {
		if p.Length > time.Second {
			_ = s.cmd.Process.Kill()
		}
		return false
	})
	keptAndGone(t, rec, err)
	s.end()

	s = startServer(t, loudspeaker, microphone)
	sink, err := device.Devices{}.Play()
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	err = voice.NewPlayer(parse(t, rec), 0, 1).Run(context.Background(), sink, func(at time.Duration) {
		if at > 300*time.Millisecond {
			_ = s.cmd.Process.Kill()
		}
	})
	if !errors.Is(err, voice.ErrGone) {
		t.Errorf("the loudspeaker is gone: %v", err)
	}
}

func keptAndGone(t *testing.T, rec voice.Recording, err error) {
	t.Helper()
	if !errors.Is(err, voice.ErrGone) {
		t.Errorf("the end was %v", err)
	}
	if n := parse(t, rec); n.Length() < 800*time.Millisecond || n.Length() > 10*time.Second {
		t.Errorf("%v was kept", n.Length())
	}
}

// TestComputersWithoutDevices has a server without a microphone, one without anything, and
// none.
func TestComputersWithoutDevices(t *testing.T) {
	startServer(t, loudspeaker) // its monitor is no microphone
	if err := (device.Devices{}).CanRecord(); !errors.Is(err, voice.ErrNoMicrophone) {
		t.Errorf("no microphone: %v", err)
	}
	if _, err := (device.Devices{}).Record(); !errors.Is(err, voice.ErrNoMicrophone) {
		t.Errorf("recording without a microphone: %v", err)
	}
	t.Setenv("PULSE_SERVER", "unix:/nonexistent")
	if err := (device.Devices{}).CanRecord(); err == nil {
		t.Error("something can be recorded without a server")
	}
	if _, err := (device.Devices{}).Play(); !errors.Is(err, voice.ErrNoSound) && !errors.Is(err, voice.ErrNoLoudspeaker) {
		t.Errorf("playing without a server: %v", err)
	}
}
