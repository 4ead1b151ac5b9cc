package desktop

import (
	"bufio"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newBus starts a session bus that only this test is on.
func newBus(t *testing.T) (end func()) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "bus.conf")
	const policy = `<busconfig><type>session</type><listen>unix:path=DIR/bus</listen><policy context="default">` +
		`<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(policy, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("a session bus is needed (packaging/setup.sh test installs it): %v", err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address[:len(address)-1])
	end = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	return end
}

// onBus is a connection of another program.
func onBus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// until waits for what other processes and goroutines do.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never happens that %s", what)
		}
	}
}

// heard is what the desktop told.
type heard struct {
	mu      sync.Mutex
	clicked []int64  // guarded by mu
	closed  []int64  // guarded by mu
	chosen  []string // guarded by mu
	offers  []Offers // guarded by mu
}

func (h *heard) ears() Ears {
	add := func(f func()) {
		h.mu.Lock()
		defer h.mu.Unlock()
		f()
	}
	return Ears{
		Clicked: func(k int64) { add(func() { h.clicked = append(h.clicked, k) }) },
		Closed:  func(k int64) { add(func() { h.closed = append(h.closed, k) }) },
		Chosen:  func(n string) { add(func() { h.chosen = append(h.chosen, n) }) },
		Changed: func(o Offers) { add(func() { h.offers = append(h.offers, o) }) },
	}
}

// offered waits for what there is on the desktop.
func (h *heard) offered(t *testing.T, want Offers) {
	t.Helper()
	until(t, "the desktop offers that", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.offers) > 0 && h.offers[len(h.offers)-1] == want
	})
}

func (h *heard) all() (clicked, closed []int64, chosen []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]int64{}, h.clicked...), append([]int64{}, h.closed...), append([]string{}, h.chosen...)
}

// started begins to listen to the desktop of the test.
func started(t *testing.T) (*Session, *heard) {
	h := &heard{}
	s := Start(h.ears(), closedTray)
	t.Cleanup(s.Close)
	return s, h
}

// shown is a note as a server has it.
type shown struct {
	title, body string
	actions     []string
	hints       map[string]dbus.Variant
	expires     int32
}

// server is a program that shows notes.
type server struct {
	conn *dbus.Conn
	can  []string

	mu      sync.Mutex
	last    uint32           // guarded by mu
	stand   map[uint32]shown // guarded by mu
	history []shown          // guarded by mu: what it kept of those that ended
	calls   int              // guarded by mu
	hold    chan struct{}    // calls of Notify wait for it; nil: they do not
}

// serve starts a server of notes that can do things.
func serve(t *testing.T, can ...string) *server {
	t.Helper()
	v := &server{conn: onBus(t), can: can, stand: map[uint32]shown{}}
	if err := v.conn.Export(v, notesPath, notesName); err != nil {
		t.Fatal(err)
	}
	if _, err := v.conn.RequestName(notesName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *server) GetCapabilities() ([]string, *dbus.Error) { return v.can, nil }

func (v *server) Notify(_ string, instead uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, expires int32) (uint32, *dbus.Error) {
	v.mu.Lock()
	v.calls++
	v.mu.Unlock()
	if v.hold != nil {
		<-v.hold
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.stand[instead]; !ok {
		v.last++
		instead = v.last
	}
	v.stand[instead] = shown{title, body, actions, hints, expires}
	return instead, nil
}

func (v *server) CloseNotification(id uint32) *dbus.Error {
	v.end(id, 3)
	return nil
}

// end closes a note, tells so, and keeps it as some servers do.
func (v *server) end(id, reason uint32) {
	v.mu.Lock()
	n, ok := v.stand[id]
	if ok {
		v.history = append(v.history, n)
		delete(v.stand, id)
	}
	v.mu.Unlock()
	if ok {
		_ = v.conn.Emit(notesPath, notesName+".NotificationClosed", id, reason)
	}
}

func (v *server) click(id uint32) {
	_ = v.conn.Emit(notesPath, notesName+".ActionInvoked", id, "default")
}

func (v *server) standing() map[uint32]shown {
	v.mu.Lock()
	defer v.mu.Unlock()
	return maps.Clone(v.stand)
}

func (v *server) kept() []shown {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]shown{}, v.history...)
}

func (v *server) called() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.calls
}
