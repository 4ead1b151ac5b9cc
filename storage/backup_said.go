package storage

import (
	"time"

	"tacit/app"
	"tacit/identity/envelope"
)

type chatEntry struct {
	_            struct{} `cbor:",toarray"`
	Contact      int64
	Pinned       bool
	Archived     bool
	Muted        bool
	MarkedUnread bool
	Hidden       bool
	Timer        int64 // seconds
	TimerVersion int64
	Draft        string // without history: empty
	Position     int64  // a message; without history: 0
}

type saidEntry struct {
	_         struct{} `cbor:",toarray"`
	ID        int64
	Contact   int64
	Own       bool
	Ref       []byte // 16 bytes; empty of versions that had none
	Text      string
	SentAt    int64
	At        int64
	State     string
	Reason    string
	StateAt   int64
	Unread    bool
	Unknown   []byte // null for all but content of a newer version
	Notice    string
	ReplyTo   *int64 // null for no answer
	Forwarded bool
	Deleted   bool
	Revision  int64
	EditedAt  int64
	Path      string
	Timer     int64 // seconds
	ExpiresAt int64
	Reactions []reactionEntry
	File      *fileEntry
}

type reactionEntry struct {
	_     struct{} `cbor:",toarray"`
	Own   bool
	Emoji string
	At    int64
}

// fileEntry says what was promised. What of it was here stays behind: one that was sent is
// gone, and one that was received is fetched again from who has it.
type fileEntry struct {
	_      struct{} `cbor:",toarray"`
	File   []byte   // envelope.File
	Name   string
	Type   string
	Width  int
	Height int
	State  string
	Reason string
	At     int64
}

type editEntry struct {
	_       struct{} `cbor:",toarray"`
	Message int64
	Text    string
	At      int64
}

func (c *chatEntry) check() error {
	return bounds(c.Contact > 0, c.Timer >= 0, c.Timer <= int64(app.MaxTimer/time.Second), c.TimerVersion >= 0,
		len(c.Draft) <= app.MaxDraftBytes, c.Position >= 0)
}

func (m *saidEntry) check() error {
	for _, r := range m.Reactions {
		if len(r.Emoji) > maxEmoji {
			return errBounds
		}
	}
	if m.File != nil {
		if err := m.File.check(); err != nil {
			return err
		}
	}
	return bounds(m.ID > 0, m.Contact > 0, len(m.Ref) == 0 || len(m.Ref) == len(app.Ref{}), len(m.Text) <= app.MaxTextBytes,
		len(m.Unknown) <= maxUnknown, len(m.State) <= maxWord, len(m.Reason) <= maxWord, len(m.Notice) <= maxWord,
		m.ReplyTo == nil || *m.ReplyTo >= 0, m.Revision >= 0, len(m.Path) <= maxWord, m.Timer >= 0,
		m.Timer <= int64(app.MaxTimer/time.Second), len(m.Reactions) <= maxReactions)
}

func (f *fileEntry) check() error {
	_, malformed := envelope.UnmarshalFile(f.File)
	return bounds(malformed == nil, len(f.Name) <= maxFileName, len(f.Type) <= maxFileName,
		f.Width >= 0, f.Height >= 0, len(f.State) <= maxWord, len(f.Reason) <= maxWord)
}

func (e *editEntry) check() error { return bounds(e.Message > 0, len(e.Text) <= app.MaxTextBytes) }

// said returns a message of version 1 as one of today.
func (m *messageEntry) said() *saidEntry {
	return &saidEntry{
		ID: m.ID, Contact: m.Contact, Own: m.Own, Text: m.Text, SentAt: m.SentAt, At: m.At, State: m.State, Reason: m.Reason,
		StateAt: m.StateAt, Unread: m.Unread, Unknown: m.Unknown, Notice: m.Notice,
	}
}

// saidOf returns what a backup keeps of a message and its file, if it has one.
func saidOf(m app.Message, unknown []byte, f *app.FileRecord) *saidEntry {
	e := &saidEntry{
		ID: int64(m.ID), Contact: int64(m.Contact), Own: m.Own, Ref: []byte{}, Text: m.Text, SentAt: stamp(m.SentAt), At: stamp(m.At),
		State: string(m.State), Reason: string(m.Reason), StateAt: stamp(m.StateAt), Unread: m.Unread, Unknown: unknown,
		Notice: string(m.Notice), Forwarded: m.Forwarded, Deleted: m.Deleted, Revision: int64(m.Revision), EditedAt: stamp(m.EditedAt),
		Path: string(m.Path), Timer: int64(m.Timer / time.Second), ExpiresAt: stamp(m.ExpiresAt), Reactions: []reactionEntry{},
	}
	if m.State == app.StateHeld { // its box stays behind, so it is said again; perhaps a node still has it
		e.State, e.Reason = string(app.StateQueued), string(app.ReasonAgain)
	}
	if !m.Ref.IsZero() {
		e.Ref = m.Ref[:]
	}
	if m.Replies {
		to := int64(m.ReplyTo)
		e.ReplyTo = &to
	}
	for _, r := range m.Reactions {
		e.Reactions = append(e.Reactions, reactionEntry{Own: r.Own, Emoji: r.Emoji, At: stamp(r.At)})
	}
	if f == nil {
		return e
	}
	state, reason := f.State, f.Reason
	switch {
	case m.Own:
		state, reason = app.FileCancelled, app.ReasonGone
	case state == app.FileMoving || state == app.FilePaused || state == app.FileDone:
		state, reason = app.FileWaiting, app.ReasonNone
	}
	e.File = &fileEntry{
		File: f.File.Marshal(), Name: f.Name, Type: f.Type, Width: f.Width, Height: f.Height,
		State: string(state), Reason: string(reason), At: stamp(f.At),
	}
	return e
}

// insertSaid stores a message under the id that it had.
func (t *tx) insertSaid(e *saidEntry) error {
	t.added++
	var ref, reply any
	if len(e.Ref) > 0 {
		ref = e.Ref
	}
	if e.ReplyTo != nil {
		reply = *e.ReplyTo
	}
	if _, err := t.s.exec(insertMessage, e.ID, e.Contact, e.Own, e.Text, e.SentAt, e.At, e.State, e.Reason, e.StateAt, e.Unread, e.Unknown,
		e.Notice, ref, reply, e.Forwarded, e.Deleted, e.Revision, e.EditedAt, e.Path, e.Timer, e.ExpiresAt); err != nil {
		return err
	}
	for _, r := range e.Reactions {
		if err := t.SetReaction(app.MessageID(e.ID), app.Reaction{Own: r.Own, Emoji: r.Emoji, At: unstamp(r.At)}, true); err != nil {
			return err
		}
	}
	if e.File == nil {
		return nil
	}
	f, err := envelope.UnmarshalFile(e.File.File)
	if err != nil {
		return err
	}
	return t.AddFile(app.FileRecord{
		Message: app.MessageID(e.ID), File: f, Name: e.File.Name, Type: e.File.Type, Width: e.File.Width, Height: e.File.Height,
		State: app.FileState(e.File.State), Reason: app.Reason(e.File.Reason), At: unstamp(e.File.At),
	})
}
