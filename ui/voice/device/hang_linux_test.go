package device_test

import (
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"tacit/ui/voice"
	"tacit/ui/voice/device"
)

// TestSoundSystemThatHangs: a sound server that takes a call and never answers holds nobody
// up, is not asked by ever more threads, and is asked again once it has answered or ended.
func TestSoundSystemThatHangs(t *testing.T) {
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, "native"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PULSE_SERVER", "unix:"+l.Addr().String())
	t.Setenv("PULSE_RUNTIME_PATH", dir)
	calls := make(chan net.Conn, 100)
	go func() {
		defer close(calls)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			calls <- conn
		}
	}()
	began := time.Now()
	for range 3 {
		if err := (device.Devices{}).CanRecord(); !errors.Is(err, voice.ErrNoSound) {
			t.Errorf("something can be recorded: %v", err)
		}
		if _, err := (device.Devices{}).Record(); !errors.Is(err, voice.ErrNoSound) {
			t.Errorf("something is recorded: %v", err)
		}
		if _, err := (device.Devices{}).Play(); !errors.Is(err, voice.ErrNoSound) {
			t.Errorf("something is played: %v", err)
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if n := len(calls); n != 1 {
		t.Errorf("%d calls wait", n)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for conn := range calls {
		_ = conn.Close()
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		began := time.Now()
		if err := (device.Devices{}).CanRecord(); err == nil {
			t.Error("something can be recorded")
		} else if !errors.Is(err, device.ErrHangs) {
			break // it was asked again
		}
		if time.Now().After(end) || time.Since(began) > 5*time.Second {
			t.Fatal("the sound system is not asked again")
		}
	}
}
