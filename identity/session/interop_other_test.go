//go:build interop

package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tacit/identity/envelope"
)

// interopTime bounds one conversation with the other program.
const interopTime = 3 * time.Minute

// otherProgram is the program in JavaScript, at the other end of a pipe that stands for a link.
type otherProgram struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     chan []byte // frames to write; closed by end
	end    func()
	frames chan []byte // frames read, type byte first; closed at the end of its output
	events chan otherEvent
}

type otherEvent struct {
	Event        string `json:"event"`
	Card         string `json:"card"`
	Role         string `json:"role"`
	Code         string `json:"code"`
	Safety       string `json:"safety"`
	Peer         string `json:"peer"`
	Name         string `json:"name"`
	Number       uint64 `json:"number"`
	Opened       int    `json:"opened"`
	Used         int    `json:"used"`
	Acknowledged int    `json:"acknowledged"`
	What         string `json:"what"`
}

// startOther runs peer.mjs with these arguments.
func startOther(t *testing.T, args ...string) *otherProgram {
	t.Helper()
	dir := os.Getenv("TACIT_INTEROP")
	if dir == "" {
		t.Fatal("TACIT_INTEROP is not set: run make interop")
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(dir, "peer.mjs")}, args...)...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	o := &otherProgram{t: t, cmd: cmd, in: make(chan []byte, 1<<16), frames: make(chan []byte, 1<<16), events: make(chan otherEvent, 1<<10)}
	o.end = sync.OnceFunc(func() { close(o.in) })
	var running sync.WaitGroup
	running.Go(func() { o.write(stdin) })
	running.Go(func() { o.read(stdout) })
	running.Go(func() { o.listen(stderr) })
	t.Cleanup(func() { // the test's context has ended the program by now
		o.end()
		running.Wait()
		o.cmd.Wait() // again, where finish has waited
	})
	return o
}

func (o *otherProgram) write(to io.WriteCloser) {
	for b := range o.in {
		if _, err := to.Write(b); err != nil {
			break // why it ended stands in what it says
		}
	}
	to.Close()
}

// read takes the frames of section 7 apart.
func (o *otherProgram) read(from io.Reader) {
	defer close(o.frames)
	sizes := map[byte]int{1: envelope.SmallCell, 2: envelope.LargeCell, 3: 16, 4: 0}
	in := bufio.NewReader(from)
	for {
		kind, err := in.ReadByte()
		if err != nil {
			return
		}
		n, known := sizes[kind]
		if !known {
			o.t.Errorf("the other program wrote a frame of type %d", kind)
			return
		}
		b := append([]byte{kind}, make([]byte, n)...)
		if _, err := io.ReadFull(in, b[1:]); err != nil {
			o.t.Errorf("the other program wrote a part of a frame: %v", err)
			return
		}
		o.frames <- b
	}
}

func (o *otherProgram) listen(from io.Reader) {
	defer close(o.events)
	var complaint strings.Builder
	for lines := bufio.NewScanner(from); lines.Scan(); {
		var e otherEvent
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Event == "error" {
			fmt.Fprintf(&complaint, "%s\n", lines.Bytes())
			continue
		}
		o.events <- e
	}
	if complaint.Len() > 0 {
		o.t.Errorf("the other program says: %s", complaint.String())
	}
}

// event waits for what the other program says next.
func (o *otherProgram) event(name string) otherEvent {
	o.t.Helper()
	select {
	case e, ok := <-o.events:
		if !ok || e.Event != name {
			o.t.Fatalf("the other program says %+v, not %q", e, name)
		}
		return e
	case <-time.After(interopTime):
		o.t.Fatalf("the other program does not say %q", name)
		return otherEvent{}
	}
}

// frame waits for the next frame that is not a heartbeat.
func (o *otherProgram) frame() []byte {
	o.t.Helper()
	for {
		select {
		case b, ok := <-o.frames:
			if !ok {
				o.t.Fatal("the other program ended")
			}
			if b[0] != 4 {
				return b
			}
		case <-time.After(interopTime):
			o.t.Fatal("the other program writes nothing")
		}
	}
}

// cell writes a cell as a frame.
func (o *otherProgram) cell(cell []byte) {
	kind := byte(1)
	if len(cell) == envelope.LargeCell {
		kind = 2
	}
	o.in <- append([]byte{kind}, cell...)
}

// finish waits for the other program to end well.
func (o *otherProgram) finish() {
	o.t.Helper()
	o.end()
	if err := o.cmd.Wait(); err != nil {
		o.t.Errorf("the other program: %v", err)
	}
}
