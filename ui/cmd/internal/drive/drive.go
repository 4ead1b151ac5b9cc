// Package drive runs a tacitd process and speaks its contract from the caller's
// side: the demo, the benchmark and the two-process tests stand on it.
package drive

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

// eventBacklog is how many events are kept for a caller that is not waiting for any.
const eventBacklog = 1 << 16

// ErrEnded is returned once the process has ended.
var ErrEnded = errors.New("the process has ended")

// Error is an error that the process answered with.
type Error struct {
	Number  int    `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Code string `json:"code"`
	} `json:"data"`
}

func (e *Error) Error() string { return e.Message }

// Code is the stable word of an error answer, or empty for any other error.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Data.Code
	}
	return ""
}

// Event is a notification: its type and all its parameters.
type Event map[string]any

// Type returns the event's type.
func (e Event) Type() string { return e.Text("type") }

// Text returns a parameter that is a string, or "".
func (e Event) Text(key string) string {
	s, _ := e[key].(string)
	return s
}

// Process is a running tacitd.
type Process struct {
	cmd *exec.Cmd

	writing sync.Mutex
	in      io.WriteCloser // guarded by writing

	mu      sync.Mutex
	last    int                   // guarded by mu; the last request's ID
	waiting map[int]chan<- answer // guarded by mu

	events chan Event
	ended  chan struct{} // closed after the process has been reaped
	err    error         // set before ended is closed
}

type answer struct {
	Result json.RawMessage
	Err    error
}

// Start runs program with args; its log goes to stderr.
func Start(stderr io.Writer, program string, args ...string) (*Process, error) {
	cmd := exec.Command(program, args...)
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p := &Process{
		cmd: cmd, in: in, waiting: make(map[int]chan<- answer),
		events: make(chan Event, eventBacklog), ended: make(chan struct{}),
	}
	go p.read(out)
	return p, nil
}

// read dispatches the output until it ends, then reaps the process.
func (p *Process) read(out io.Reader) {
	r := bufio.NewReaderSize(out, 64<<10)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			break
		}
		p.dispatch(line)
	}
	p.err = p.cmd.Wait()
	p.mu.Lock()
	for id, w := range p.waiting {
		w <- answer{Err: ErrEnded}
		delete(p.waiting, id)
	}
	close(p.ended)
	p.mu.Unlock()
	close(p.events)
}

func (p *Process) dispatch(line []byte) {
	var m struct {
		ID     *int            `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
		Params Event           `json:"params"`
	}
	if json.Unmarshal(line, &m) != nil {
		return
	}
	if m.ID == nil {
		select {
		case p.events <- m.Params:
		default: // nobody reads; the newest are dropped
		}
		return
	}
	p.mu.Lock()
	w, ok := p.waiting[*m.ID]
	delete(p.waiting, *m.ID)
	p.mu.Unlock()
	if !ok {
		return
	}
	if m.Error != nil {
		w <- answer{Err: m.Error}
		return
	}
	w <- answer{Result: m.Result}
}

// Go sends a request and returns a function that waits for its answer, so that
// many can be under way.
func (p *Process) Go(method string, params any) (wait func(ctx context.Context, result any) error) {
	got := make(chan answer, 1)
	p.mu.Lock()
	p.last++
	id := p.last
	p.waiting[id] = got
	p.mu.Unlock()
	p.writing.Lock()
	err := json.NewEncoder(p.in).Encode(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	p.writing.Unlock()
	return func(ctx context.Context, result any) error {
		if err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		select {
		case a := <-got:
			if a.Err != nil {
				return fmt.Errorf("%s: %w", method, a.Err)
			}
			if result == nil {
				return nil
			}
			return json.Unmarshal(a.Result, result)
		case <-p.ended:
			return fmt.Errorf("%s: %w", method, ErrEnded)
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", method, ctx.Err())
		}
	}
}

// Call sends a request and waits for its answer.
func (p *Process) Call(ctx context.Context, method string, params, result any) error {
	return p.Go(method, params)(ctx, result)
}

// Await drops events until one satisfies ok, and returns it.
func (p *Process) Await(ctx context.Context, what string, ok func(Event) bool) (Event, error) {
	for {
		select {
		case e, open := <-p.events:
			if !open {
				return nil, fmt.Errorf("await %s: %w", what, ErrEnded)
			}
			if ok(e) {
				return e, nil
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("await %s: %w", what, ctx.Err())
		}
	}
}

// AwaitType waits for the next event of a type.
func (p *Process) AwaitType(ctx context.Context, kind string) (Event, error) {
	return p.Await(ctx, kind, func(e Event) bool { return e.Type() == kind })
}

// Kill ends the process as a power cut would (SIGKILL) and waits until it is gone.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// Shutdown asks the process to end and returns how it ended.
func (p *Process) Shutdown(ctx context.Context) error {
	if err := p.Call(ctx, "shutdown", struct{}{}, nil); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return p.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Process returns the operating system's handle.
func (p *Process) Process() *os.Process { return p.cmd.Process }
