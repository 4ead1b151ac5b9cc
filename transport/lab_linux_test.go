package transport

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A lab is two network namespaces joined by a cable.
type lab struct {
	t    *testing.T
	name [2]string
}

// Interface and addresses of the two ends.
const labNIC = "eth0"

func labIP(side int) string { return fmt.Sprintf("10.77.0.%d/24", side+1) }

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{t: t}
	for i := range l.name {
		l.name[i] = fmt.Sprintf("tacit-%d-%s-%d", os.Getpid(), randomLabel()[:4], i)
		if out, err := exec.Command("ip", "netns", "add", l.name[i]).CombinedOutput(); err != nil {
			t.Skipf("network namespaces are not permitted here: %v: %s", err, out)
		}
		t.Cleanup(func() { exec.Command("ip", "netns", "del", l.name[i]).Run() })
	}
	l.ip("link", "add", labNIC, "netns", l.name[0], "type", "veth", "peer", "name", labNIC, "netns", l.name[1])
	for i := range l.name {
		l.in(i, "link", "set", "lo", "up")
		l.in(i, "addr", "add", labIP(i), "dev", labNIC)
		l.in(i, "link", "set", labNIC, "up")
	}
	return l
}

func (l *lab) ip(args ...string) {
	l.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		l.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// in runs ip in the namespace of one side.
func (l *lab) in(side int, args ...string) {
	l.t.Helper()
	l.ip(append([]string{"-n", l.name[side]}, args...)...)
}

// capture records all frames on one side's interface until the returned function is
// called, which returns them.
func (l *lab) capture(side int) func() [][]byte {
	l.t.Helper()
	return captureIn(l.t, l.name[side])
}

// captureIn records all frames in a namespace until the returned function is called.
func captureIn(t *testing.T, ns string) func() [][]byte {
	t.Helper()
	fd, err := rawSocket(ns)
	if err != nil {
		t.Fatalf("capture: %v", err)
	}
	var frames [][]byte
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1<<16)
		for {
			n, _, err := unix.Recvfrom(fd, buf, 0) // returns at least every 50 ms
			if n > 0 && err == nil {
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
	t.Cleanup(finish)
	return func() [][]byte { finish(); return frames }
}

// rawSocket opens a packet socket in a namespace. The thread that visited it is not used
// again.
func rawSocket(name string) (int, error) {
	type result struct {
		fd  int
		err error
	}
	opened := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		fd, err := func() (int, error) {
			ns, err := os.Open("/run/netns/" + name)
			if err != nil {
				return 0, err
			}
			defer ns.Close()
			if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
				return 0, err
			}
			all := int(binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, unix.ETH_P_ALL)))
			fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, all)
			if err != nil {
				return 0, err
			}
			wait := unix.Timeval{Usec: 50_000}
			return fd, unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait)
		}()
		opened <- result{fd, err}
	}()
	r := <-opened
	return r.fd, r.err
}

// labPeer is a process in a namespace that runs a Network; see runLabPeer.
type labPeer struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
	born  time.Time

	address string // of a node, once it was awaited
}

// start runs a peer on one side: who 'a' or 'b', the friend of the other.
func (l *lab) start(side int, who byte, only Protocol) *labPeer {
	l.t.Helper()
	return startIn(l.t, l.name[side], labSpec{Who: who, Only: only, LAN: true})
}

// startIn runs a peer in a namespace.
func startIn(t *testing.T, ns string, spec labSpec) *labPeer {
	t.Helper()
	text, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	p := &labPeer{t: t, lines: make(chan string, 1000), born: time.Now()}
	p.cmd = exec.Command("ip", "netns", "exec", ns, os.Args[0])
	p.cmd.Env = append(os.Environ(), labEnv+"="+string(text))
	p.cmd.Stderr = os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(p.kill)
	return p
}

// await waits for a line, which the peer writes as things happen, and returns how long
// it took.
func (p *labPeer) await(line string, within time.Duration) time.Duration {
	p.t.Helper()
	begin := time.Now()
	deadline := time.After(within)
	for {
		select {
		case got, ok := <-p.lines:
			if !ok {
				p.t.Fatalf("the peer ended before it said %q", line)
			}
			if strings.HasPrefix(got, "address ") {
				p.address = strings.TrimPrefix(got, "address ")
			}
			if got == line || line == "address" && p.address != "" {
				return time.Since(begin)
			}
		case <-deadline:
			p.t.Fatalf("not within %v: %q", within, line)
		}
	}
}

// drain forgets what the peer has said.
func (p *labPeer) drain() {
	for {
		select {
		case <-p.lines:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

func (p *labPeer) send() { p.tell("send") }

func (p *labPeer) tell(line string) { fmt.Fprintln(p.in, line) }

// sendUntil sends until the other one says the line: while the network settles, a link
// may be replaced once more, and what was on its way is lost.
func (p *labPeer) sendUntil(other *labPeer, line string, within time.Duration) {
	p.t.Helper()
	deadline := time.After(within)
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for {
		p.send()
		select {
		case got := <-other.lines:
			if got == line {
				return
			}
		case <-again.C:
		case <-deadline:
			p.t.Fatalf("not within %v: %q", within, line)
		}
	}
}

// stop ends the peer as a user would, and kill as a crash does.
func (p *labPeer) stop() {
	p.in.Close()
	p.cmd.Wait()
}

func (p *labPeer) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

func (p *labPeer) signal(s syscall.Signal) { p.cmd.Process.Signal(s) }
