package drive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Mailbox is a running `tacitd mailbox`.
type Mailbox struct {
	Address string // TACITNODE1:...

	cmd   *exec.Cmd
	ended chan struct{} // closed after the process has been reaped
	err   error         // set before ended is closed
}

var errNoAddress = errors.New("the node did not say its address")

// StartMailbox runs a node and waits until it says its address; its log goes to stderr.
func StartMailbox(ctx context.Context, stderr io.Writer, program string, args ...string) (*Mailbox, error) {
	cmd := exec.Command(program, args...)
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	m := &Mailbox{cmd: cmd, ended: make(chan struct{})}
	said := make(chan string, 1)
	go m.read(out, said)
	select {
	case address, ok := <-said:
		if !ok {
			<-m.ended
			return nil, errors.Join(errNoAddress, m.err)
		}
		m.Address = address
		return m, nil
	case <-ctx.Done():
		m.Kill()
		return nil, ctx.Err()
	}
}

// read passes on the address and what else the node says to nobody, until it ends.
func (m *Mailbox) read(out io.Reader, said chan<- string) {
	lines := bufio.NewScanner(out)
	for told := false; lines.Scan(); {
		if address, ok := nodeAddress(lines.Text()); ok && !told {
			told = true
			said <- address
		}
	}
	close(said)
	m.err = m.cmd.Wait()
	close(m.ended)
}

// nodeAddress reads the line in which a node says its address.
func nodeAddress(line string) (string, bool) {
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "address ")
	return address, ok && strings.HasPrefix(address, "TACITNODE1:")
}

// Process returns the operating system's handle.
func (m *Mailbox) Process() *os.Process { return m.cmd.Process }

// Kill ends the node as a crash does.
func (m *Mailbox) Kill() {
	_ = m.cmd.Process.Kill()
	<-m.ended
}

// Stop asks the node to end, as a system does that goes down, and returns how it ended.
func (m *Mailbox) Stop(ctx context.Context) error {
	if err := m.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-m.ended:
		return m.err
	case <-ctx.Done():
		m.Kill()
		return ctx.Err()
	}
}
