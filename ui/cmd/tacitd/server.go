package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"tacit/app"
)

// grantPatience is how long message.send waits for the right to write, after both
// codes were typed: the grant is then on its way, a round trip and two commits.
const grantPatience = 3 * time.Second

// maxUnderWay bounds the texts that were handed over and not answered yet: as many as one
// commit takes.
const maxUnderWay = 256

// server answers one caller: requests in the order they came, events as they happen.
type server struct {
	core *app.Messenger
	out  *writer

	begun    chan begun     // texts under way, oldest first
	underWay sync.WaitGroup // of begun; only serve's goroutine adds and waits

	mu       sync.Mutex
	writable map[app.ContactID]bool // guarded by mu; contacts told of by contact.added
	changed  chan struct{}          // guarded by mu; closed and renewed when writable changes
}

func newServer(core *app.Messenger, out io.Writer) *server {
	return &server{
		core:     core,
		out:      newWriter(out),
		begun:    make(chan begun, maxUnderWay),
		writable: make(map[app.ContactID]bool),
		changed:  make(chan struct{}),
	}
}

// serve returns nil after shutdown, at the end of the input, and when ctx ends.
func (s *server) serve(ctx context.Context, in io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	sub := s.core.Subscribe()
	var events sync.WaitGroup
	events.Go(func() { s.tell(ctx, sub) })
	defer events.Wait()
	defer sub.Close()
	var answers sync.WaitGroup
	answers.Go(func() { s.answerBegun(stop) })
	defer answers.Wait()
	defer close(s.begun)
	defer stop()

	lines := make(chan line)
	// The reader ends with the process when the input never does: a blocked read of
	// standard input cannot be interrupted.
	go read(ctx, in, lines)
	for {
		select {
		case <-ctx.Done():
			return s.out.failed()
		case l, ok := <-lines:
			if !ok {
				return nil
			}
			done, err := s.handle(ctx, l)
			if done || err != nil {
				return err
			}
		}
	}
}

type line struct {
	text []byte
	err  error
}

func read(ctx context.Context, in io.Reader, to chan<- line) {
	defer close(to)
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		text, err := readLine(r)
		var call *callError
		if err != nil && !errors.As(err, &call) {
			return
		}
		select {
		case to <- line{text, err}:
		case <-ctx.Done():
			return
		}
	}
}

// handle answers one line, or begins what will answer it; done says that it was shutdown.
func (s *server) handle(ctx context.Context, l line) (done bool, err error) {
	var r request
	if l.err == nil {
		if len(l.text) <= 1 {
			return false, nil // an empty line is nobody's request
		}
		r, l.err = parse(l.text)
	}
	if l.err == nil && r.Method == "message.send" && s.beginSend(ctx, r) {
		return false, nil
	}
	s.underWay.Wait() // what came before is answered before
	if l.err != nil {
		if len(r.ID) == 0 {
			r.ID = json.RawMessage("null") // it could not be read (JSON-RPC 2.0, section 5)
		}
		return false, s.answer(r.ID, nil, l.err)
	}
	if r.Method == "shutdown" {
		return true, s.answer(r.ID, struct{}{}, nil)
	}
	m, ok := methods[r.Method]
	if !ok {
		return false, s.answer(r.ID, nil, &callError{codeNoMethod, "method_unknown", "There is no such method."})
	}
	result, err := m(s, ctx, r.Params)
	return false, s.answer(r.ID, result, err)
}

// answer writes a response; a request without an ID is a notification and gets none.
func (s *server) answer(id json.RawMessage, result any, err error) error {
	if len(id) == 0 {
		return nil
	}
	if err != nil {
		return s.out.write(response{Version: "2.0", ID: id, Error: toError(err)})
	}
	return s.out.write(response{Version: "2.0", ID: id, Result: result})
}

// begun is a text on its way into the store.
type begun struct {
	id   json.RawMessage
	wait func() (app.Message, error)
}

// beginSend hands a text over without waiting for its commit, so that texts that follow
// one another share commits. It reports false where that is not known to keep their
// order: one that has to wait for the right to write must not be overtaken, nor one whose
// file is still being read.
func (s *server) beginSend(ctx context.Context, r request) bool {
	var p sendParams
	if decode(r.Params, &p) != nil || p.File != "" || !s.isWritable(app.ContactID(p.Contact)) {
		return false
	}
	out := app.Outgoing{Text: p.Text, ReplyTo: app.MessageID(p.ReplyTo)}
	s.underWay.Add(1)
	s.begun <- begun{r.ID, s.core.Post(ctx, app.ContactID(p.Contact), out)}
	return true
}

// answerBegun answers texts as they become durable, until begun is closed. When the
// caller is gone, it stops the server.
func (s *server) answerBegun(stop func()) {
	for b := range s.begun {
		m, err := b.wait()
		if s.answer(b.id, sent(m), err) != nil {
			stop()
		}
		s.underWay.Done()
	}
}

// isWritable reports whether a contact is known to be one that may be written to.
func (s *server) isWritable(id app.ContactID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writable[id]
}

// setWritable records that a contact may be written to and reports whether that is new.
func (s *server) setWritable(id app.ContactID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writable[id] {
		return false
	}
	s.writable[id] = true
	close(s.changed)
	s.changed = make(chan struct{})
	return true
}

// awaitWritable waits until the contact may be written to, at most grantPatience.
func (s *server) awaitWritable(ctx context.Context, id app.ContactID) bool {
	ctx, cancel := context.WithTimeout(ctx, grantPatience)
	defer cancel()
	for {
		s.mu.Lock()
		ok, changed := s.writable[id], s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}
