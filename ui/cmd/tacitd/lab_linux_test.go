package main

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"tacit/ui/cmd/internal/drive"
)

// lab is two network namespaces joined by a cable. Addresses of the cable's ends, as the
// computers' own system shows them to the network, are not the program's to hide.
type lab struct {
	t    *testing.T
	name [2]string
}

const labNIC = "eth0"

var labAddrs = [2]netip.Prefix{netip.MustParsePrefix("10.78.0.1/24"), netip.MustParsePrefix("10.78.0.2/24")}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{t: t}
	for side := range l.name {
		l.name[side] = fmt.Sprintf("tacitd-%d-%d", os.Getpid(), side)
		if out, err := exec.Command("ip", "netns", "add", l.name[side]).CombinedOutput(); err != nil {
			t.Skipf("network namespaces are not permitted here: %v: %s", err, out)
		}
		t.Cleanup(func() { exec.Command("ip", "netns", "del", l.name[side]).Run() })
	}
	l.ip("link", "add", labNIC, "netns", l.name[0], "type", "veth", "peer", "name", labNIC, "netns", l.name[1])
	for side, ns := range l.name {
		l.ip("-n", ns, "link", "set", "lo", "up")
		l.ip("-n", ns, "addr", "add", labAddrs[side].String(), "dev", labNIC)
		l.ip("-n", ns, "link", "set", labNIC, "up")
	}
	return l
}

// withoutQUIC makes packets to any UDP port but those of the system vanish, so that what
// would go over QUIC goes over TCP.
func (l *lab) withoutQUIC() {
	l.t.Helper()
	for _, ns := range l.name {
		l.ip("-n", ns, "rule", "add", "pref", "1", "ipproto", "udp", "dport", "6000-65534", "blackhole")
	}
}

func (l *lab) ip(args ...string) {
	l.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		l.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// start runs a profile of the world on one side of the cable.
func (l *lab) start(w *world, name string, side int) *drive.Process {
	l.t.Helper()
	p, err := drive.Start(l.t.Output(), "ip", "netns", "exec", l.name[side], w.exe, "run",
		"--profile", w.path(name), "--passphrase-file", w.path("pass"), "--listen", "lan")
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(p.Kill)
	return p
}

// capture records all frames on the cable until the returned function is called, which
// returns them.
func (l *lab) capture() func() [][]byte {
	l.t.Helper()
	fd, err := l.rawSocket()
	if err != nil {
		l.t.Fatalf("capture: %v", err)
	}
	var frames [][]byte
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<17)
		for {
			n, _, err := unix.Recvfrom(fd, buf, 0) // waits for at most 50 ms
			if err == nil && n > 0 {
				frames = append(frames, append([]byte(nil), buf[:n]...))
				continue
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	finish := sync.OnceFunc(func() { close(stop); <-done; unix.Close(fd) })
	l.t.Cleanup(finish)
	return func() [][]byte { finish(); return frames }
}

// rawSocket opens a packet socket at one end of the cable. The thread that went there is
// not used again.
func (l *lab) rawSocket() (fd int, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		var ns *os.File
		if ns, err = os.Open("/run/netns/" + l.name[0]); err != nil {
			return
		}
		defer ns.Close()
		if err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			return
		}
		all := int(binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_ALL)))
		if fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, all); err != nil {
			return
		}
		if err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 16<<20); err != nil {
			return
		}
		err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 50_000})
	}()
	<-done
	return fd, err
}
