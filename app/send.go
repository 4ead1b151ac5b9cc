package app

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Outgoing is a message to be said.
type Outgoing struct {
	Text    string    // may be empty only with a File
	ReplyTo MessageID // a message of the same chat; 0: none
	File    *Attachment
}

// Attachment is a file to go with a message.
type Attachment struct {
	Name         string                        // of the file, without its folder
	Size         int64                         // bytes, as its file system says; -1: not known
	Open         func() (io.ReadCloser, error) // called once or more, on the goroutine that waits
	KeepMetadata bool                          // of a picture; else where and how it was taken is left out
	Progress     func(done, total int64)       // may be nil; bytes; called on any goroutine
}

// Send commits a message to a contact: when it returns nil, the message survives
// a crash and goes out, once and in order, when the contact can be reached.
//
// ErrTextEmpty, ErrTextTooLong, ErrTextInvalid, ErrNotFound, ErrNotVerified,
// ErrBlocked, ErrDiskFull, ErrDiskReadOnly, ErrClosed.
func (m *Messenger) Send(ctx context.Context, c ContactID, text string) (Message, error) {
	return m.Post(ctx, c, Outgoing{Text: text})()
}

// Post begins what Send does and returns a function that waits for its end, to be
// called once. What is posted meanwhile shares a commit, in the order it was posted. A
// file is imported within that function, and its message begun only then; ctx ends that.
//
// ErrNotFound also where ReplyTo is no message of the chat; of a file ErrFileTooLarge,
// ErrFileUnreadable (also a picture whose metadata cannot be told from it) and ErrFileChanged.
func (m *Messenger) Post(ctx context.Context, c ContactID, out Outgoing) (wait func() (Message, error)) {
	if err := checkOutgoing(out); err != nil {
		return func() (Message, error) { return Message{}, err }
	}
	if out.File != nil {
		return func() (Message, error) { return m.postFile(ctx, c, out) }
	}
	var sent Message
	done := m.begin(ctx, writing, func(w *work) (err error) {
		sent, err = w.post(c, out, nil)
		return err
	})
	return func() (Message, error) {
		if err := done(); err != nil {
			return Message{}, err
		}
		return sent, nil
	}
}

// postFile asks first whether c may be written to: an import may take minutes.
func (m *Messenger) postFile(ctx context.Context, c ContactID, out Outgoing) (sent Message, err error) {
	if err := m.do(ctx, inMemory, func(w *work) error { return w.mayWrite(c) }); err != nil {
		return Message{}, err
	}
	imp, err := m.importFile(ctx, *out.File)
	if err != nil {
		return Message{}, err
	}
	defer imp.release()
	err = m.do(ctx, writing, func(w *work) (err error) {
		sent, err = w.post(c, out, imp)
		return err
	})
	if err != nil {
		return Message{}, err
	}
	imp.named = true
	return sent, nil
}

func checkOutgoing(out Outgoing) error {
	err := checkText(out.Text)
	if out.File != nil && errors.Is(err, ErrTextEmpty) {
		return nil
	}
	return err
}

func checkText(text string) error {
	switch {
	case len(text) > MaxTextBytes:
		return ErrTextTooLong
	case !utf8.ValidString(text):
		return ErrTextInvalid
	case strings.TrimSpace(text) == "":
		return ErrTextEmpty
	}
	return nil
}

// post checks what is to be said and says it, with a file unless imp is nil.
func (w *work) post(c ContactID, out Outgoing, imp *imported) (Message, error) {
	if err := w.mayWrite(c); err != nil {
		return Message{}, err
	}
	msg := Message{Text: out.Text}
	if out.ReplyTo != 0 {
		to, err := w.find(out.ReplyTo)
		if err != nil {
			return Message{}, err
		}
		if to.Contact != c {
			return Message{}, refuse(ErrNotFound)
		}
		msg.Replies, msg.ReplyTo = true, to.ID
	}
	return w.send(w.editPeer(c), msg, imp)
}

// mayWrite refuses a contact that is not there or cannot be written to.
func (w *work) mayWrite(c ContactID) error {
	p := w.peer(c)
	if p == nil {
		return refuse(ErrNotFound)
	}
	if err := p.writable(); err != nil {
		return refuse(err)
	}
	return nil
}

// find returns a message that somebody wrote and that is still readable.
func (w *work) find(id MessageID) (Message, error) {
	msg, err := w.read.Message(id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Message{}, fmt.Errorf("message: %w", err)
	}
	if err != nil || msg.Notice != NoticeNone || msg.Deleted {
		return Message{}, refuse(ErrNotFound)
	}
	return msg, nil
}

// send adds a message with a name of its own and seals it as soon as it may.
func (w *work) send(p *peer, msg Message, imp *imported) (Message, error) {
	msg.Contact, msg.Own, msg.Timer = p.rec.ID, true, p.chat.Timer
	msg.SentAt, msg.At, msg.StateAt, msg.State = w.now, w.now, w.now, StateQueued
	msg.Ref = newRef(w.now)
	id, err := w.tx.AddMessage(msg)
	if err != nil {
		return Message{}, fmt.Errorf("add message: %w", err)
	}
	msg.ID = id
	if imp != nil {
		if err := w.attach(&msg, imp); err != nil {
			return Message{}, err
		}
	}
	p.usedAt = w.now
	w.emit(MessageAdded{msg})
	if err := w.sentTo(p, msg); err != nil {
		return Message{}, err
	}
	if p.backlog {
		return msg, nil
	}
	p.backlog = true
	return msg, w.fill(p, msg)
}

// newRef draws a name for a message. It begins with the time, which the message tells as
// well, so that stores find the names of one day in one place.
func newRef(now time.Time) (r Ref) {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(r[:6], ms[2:])
	rand.Read(r[6:])
	return r
}

// Forward says a message again to other contacts, at most 20, all or none. They learn that
// it was forwarded, and neither from whom it came nor when; a file is copied for each.
//
// ErrNotFound, ErrNotVerified, ErrBlocked, ErrTooMany; ErrFileNotHere, ErrDiskFull.
func (m *Messenger) Forward(ctx context.Context, id MessageID, to []ContactID) error {
	if len(to) > maxForwards {
		return ErrTooMany
	}
	var msg Message
	err := m.do(ctx, reading, func(w *work) (err error) {
		msg, err = w.mayForward(id, to)
		return err
	})
	if err != nil {
		return err
	}
	copies := make([]*imported, len(to))
	for i := range copies {
		if msg.File == nil {
			break
		}
		if copies[i], err = m.importCopy(ctx, id); err != nil {
			return err
		}
		defer copies[i].release()
	}
	err = m.do(ctx, writing, func(w *work) error {
		msg, err := w.mayForward(id, to) // again: it may have been edited or deleted meanwhile
		if err != nil {
			return err
		}
		for i, c := range to {
			if _, err := w.send(w.editPeer(c), Message{Text: msg.Text, Forwarded: true}, copies[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, imp := range copies {
		if imp != nil {
			imp.named = err == nil
		}
	}
	return err
}

func (w *work) mayForward(id MessageID, to []ContactID) (Message, error) {
	msg, err := w.find(id)
	if err != nil {
		return Message{}, err
	}
	if msg.Unknown {
		return Message{}, refuse(ErrNotFound)
	}
	for _, c := range to {
		if err := w.mayWrite(c); err != nil {
			return Message{}, err
		}
	}
	return msg, nil
}

// Retry queues a message that failed for good again, as a new box.
// A message that is not failed is returned as it is.
func (m *Messenger) Retry(ctx context.Context, id MessageID) (Message, error) {
	var out Message
	err := m.do(ctx, writing, func(w *work) error {
		msg, err := w.tx.Message(id)
		if errors.Is(err, ErrNotFound) {
			return refuse(ErrNotFound)
		}
		if err != nil {
			return err
		}
		out = msg
		if !msg.Own || msg.Deleted || msg.State != StateFailed {
			return nil
		}
		if err := w.peer(msg.Contact).writable(); err != nil {
			return refuse(err)
		}
		if out, err = w.setState(id, StateQueued, ReasonAgain); err != nil {
			return err
		}
		p := w.editPeer(msg.Contact)
		p.backlog = true
		if err := w.reactAgain(p, out); err != nil {
			return err
		}
		return w.fill(p)
	})
	if err != nil {
		return Message{}, err
	}
	return out, nil
}

// setState moves a message to a state and tells subscribers.
func (w *work) setState(id MessageID, s State, r Reason) (Message, error) {
	if err := w.tx.SetMessageState(id, s, r, w.now); err != nil {
		return Message{}, fmt.Errorf("set message state: %w", err)
	}
	msg, err := w.tx.Message(id)
	if err != nil {
		return Message{}, fmt.Errorf("message: %w", err)
	}
	w.emit(MessageStateChanged{msg})
	return msg, nil
}
