package app

import (
	"fmt"
	"time"
)

// The bodies of contents that people cause. A ref is meaningless without its writer:
// author is byHearer where the hearer of the content wrote the message, else byTeller.
// What only its writer may say (edit, delete) names no author.

const (
	byTeller = 0
	byHearer = 1
)

// byOf says who wrote a message, as the other side is told.
func byOf(own bool) uint64 {
	if own {
		return byTeller
	}
	return byHearer
}

type textBody struct {
	_      struct{} `cbor:",toarray"`
	SentAt int64    // milliseconds since 1970, the sender's clock
	Text   string
}

type messageBody struct {
	_         struct{} `cbor:",toarray"`
	Ref       Ref
	SentAt    int64
	Text      string      // empty only with a file
	Reply     *targetBody // null: it answers none
	Forwarded bool
	Timer     uint64    // seconds
	File      *fileBody // null: none
}

// targetBody names a message. A zero Ref names one that the teller no longer has.
type targetBody struct {
	_   struct{} `cbor:",toarray"`
	By  uint64
	Ref Ref
}

type reactionBody struct {
	_     struct{} `cbor:",toarray"`
	By    uint64
	Ref   Ref
	Emoji string
	On    bool
	At    int64
}

type editBody struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Text     string
	Revision uint64
	At       int64
}

type deleteBody struct {
	_   struct{} `cbor:",toarray"`
	Ref Ref
}

type timerBody struct {
	_       struct{} `cbor:",toarray"`
	Seconds uint64
	Version uint64
	At      int64
}

type readBody struct {
	_    struct{} `cbor:",toarray"`
	Refs []Ref
}

type typingBody struct {
	_  struct{} `cbor:",toarray"`
	On bool
}

type activeBody struct {
	_      struct{} `cbor:",toarray"`
	Active bool
	Seen   int64 // milliseconds since 1970; 0: not told
}

// parse decodes a body of any kind and asks it whether it keeps its limits.
func parse[T interface{ valid() bool }](b []byte) (T, error) {
	var v T
	if err := decode(b, &v); err != nil {
		return v, err
	}
	if !v.valid() {
		return v, fmt.Errorf("%w: limits", errContent)
	}
	return v, nil
}

func (b textBody) valid() bool { return b.Text != "" && len(b.Text) <= MaxTextBytes }

func (b messageBody) valid() bool {
	return !b.Ref.IsZero() && len(b.Text) <= MaxTextBytes && (b.Text != "" || b.File != nil) && b.File.valid() &&
		validTimer(b.Timer) && (b.Reply == nil || b.Reply.By <= byHearer)
}

func (b reactionBody) valid() bool { return b.By <= byHearer && isEmoji(b.Emoji) }

func (b editBody) valid() bool {
	return len(b.Text) <= MaxTextBytes && 0 < b.Revision && b.Revision <= maxSeq
}

func (b deleteBody) valid() bool { return true }

func (b timerBody) valid() bool {
	return validTimer(b.Seconds) && 0 < b.Version && b.Version <= maxSeq
}

func (b readBody) valid() bool { return 0 < len(b.Refs) && len(b.Refs) <= maxReadRefs }

func (b typingBody) valid() bool { return true }

func (b activeBody) valid() bool { return true }

// validTimer accepts 0 and whole seconds from MinTimer to MaxTimer.
func validTimer(seconds uint64) bool {
	return seconds == 0 || uint64(MinTimer/time.Second) <= seconds && seconds <= uint64(MaxTimer/time.Second)
}
