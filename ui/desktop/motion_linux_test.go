package desktop

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// patience bounds what a bus needs; what takes longer does not come.
const patience = 20 * time.Second

// privateBus starts a bus of its own and makes it the session's.
func privateBus(t *testing.T) (address string, stop func()) {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Fatal("dbus-daemon is not installed (Debian: dbus-daemon)")
	}
	dir := t.TempDir()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:path="+filepath.Join(dir, "bus"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(line)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	return address, stop
}

// portal answers as the settings portal of a desktop.
type portal struct {
	mu     sync.Mutex
	values map[string]any // guarded by mu; by namespace and key
	old    bool           // it has only the method of version 1
	conn   *dbus.Conn
}

var unknown = dbus.NewError("org.freedesktop.portal.Error.NotFound", nil)

func (p *portal) ReadOne(namespace, key string) (dbus.Variant, *dbus.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.values[namespace+" "+key]
	if p.old || !ok {
		return dbus.MakeVariant(false), unknown
	}
	return dbus.MakeVariant(v), nil
}

func (p *portal) Read(namespace, key string) (dbus.Variant, *dbus.Error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.values[namespace+" "+key]
	if !ok {
		return dbus.MakeVariant(false), unknown
	}
	return dbus.MakeVariant(dbus.MakeVariant(v)), nil
}

// change says that a setting is another now.
func (p *portal) change(t *testing.T, body ...any) {
	t.Helper()
	if err := p.conn.Emit(portalPath, portalSettings+"."+settingsChanged, body...); err != nil {
		t.Fatal(err)
	}
}

func newPortal(t *testing.T, address string, old bool, values map[string]any) *portal {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	p := &portal{values: values, old: old, conn: conn}
	if err := conn.Export(p, portalPath, portalSettings); err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(portalName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return p
}

// watch runs WatchMotion until the test ends; ended is closed when it has returned.
func watch(t *testing.T) (said chan bool, ended chan struct{}) {
	t.Helper()
	said, ended = make(chan bool, 100), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(ended)
		WatchMotion(ctx, func(less bool) { said <- less })
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return said, ended
}

func expect(t *testing.T, said chan bool, want bool) {
	t.Helper()
	select {
	case got := <-said:
		if got != want {
			t.Fatalf("less movement: %t, want %t", got, want)
		}
	case <-time.After(patience):
		t.Fatalf("the desktop's wish (%t) did not come", want)
	}
}

func TestMotionOfTheDesktop(t *testing.T) {
	for _, c := range []struct {
		name, namespace, key string
		less, all            any
		old                  bool
	}{
		{"all desktops", appearance, reducedMotion, uint32(1), uint32(0), false},
		{"GNOME", gnome, animations, false, true, false},
		{"an old portal", gnome, animations, false, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, _ := privateBus(t)
			p := newPortal(t, address, c.old, map[string]any{c.namespace + " " + c.key: c.less})
			said, _ := watch(t)
			expect(t, said, true)
			p.change(t, c.namespace, c.key, dbus.MakeVariant(c.all))
			expect(t, said, false)
			p.change(t, c.namespace, c.key, dbus.MakeVariant(c.all))            // nothing new
			p.change(t, c.namespace, "font-name", dbus.MakeVariant("Sans 11"))  // another setting
			p.change(t, c.namespace, c.key, dbus.MakeVariant("a word"))         // of another type
			p.change(t, c.namespace, c.key)                                     // without a value
			p.change(t, uint32(7), "x", int64(3))                               // nonsense
			p.change(t, c.namespace, c.key, dbus.MakeVariant([]string{"less"})) // nonsense
			p.change(t, c.namespace, c.key, dbus.MakeVariant(dbus.MakeVariant(c.less)))
			expect(t, said, true)
			if len(said) > 0 {
				t.Error("said more than was changed")
			}
		})
	}
}

// TestMotionWithoutADesktop: no bus, a bus on which nobody answers, and one that ends.
func TestMotionWithoutADesktop(t *testing.T) {
	done := func(t *testing.T, said chan bool, ended chan struct{}) {
		t.Helper()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Fatal("it goes on")
		}
		if len(said) > 0 {
			t.Error("something was told")
		}
	}
	t.Run("no bus", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
		said, ended := watch(t)
		done(t, said, ended)
	})
	t.Run("an address that is none", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "garbage")
		said, ended := watch(t)
		done(t, said, ended)
	})
	t.Run("a bus of another computer", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=localhost,port=9")
		said, ended := watch(t)
		done(t, said, ended)
	})
	t.Run("a bus that ends", func(t *testing.T) {
		_, stop := privateBus(t)
		said, ended := watch(t)
		stop()
		done(t, said, ended)
	})
}
