package node

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// voice is a client's end of a talk, without a client's patience.
type voice struct {
	t      testing.TB
	stream io.ReadWriteCloser
	node   [32]byte
	talk   *mailbox.Talk
}

// keyOf asks for the record of a node's key, on a stream without a talk.
func keyOf(s io.ReadWriter, node [32]byte) (mailbox.KeyRecord, error) {
	if _, err := s.Write([]byte{mailbox.OpenKey}); err != nil {
		return mailbox.KeyRecord{}, err
	}
	var record [mailbox.KeyRecordSize]byte
	if _, err := io.ReadFull(s, record[:]); err != nil {
		return mailbox.KeyRecord{}, err
	}
	return mailbox.ParseKeyRecord(node, record[:])
}

var errTalkRefused = errors.New("talk refused")

// begin opens a talk under a key record.
func begin(s io.ReadWriter, node [32]byte, r mailbox.KeyRecord) (*mailbox.Talk, error) {
	opening, talk, err := mailbox.NewTalk(node, r)
	if err != nil {
		return nil, err
	}
	if _, err := s.Write(append([]byte{mailbox.OpenTalk}, opening...)); err != nil {
		return nil, err
	}
	var answer [1]byte
	if _, err := io.ReadFull(s, answer[:]); err != nil {
		return nil, err
	}
	if answer[0] != mailbox.TalkAccepted {
		return nil, errTalkRefused
	}
	return talk, nil
}

// speak asks for the key and opens a talk.
func speak(t testing.TB, s io.ReadWriteCloser, node [32]byte) *voice {
	t.Helper()
	r, err := keyOf(s, node)
	if err != nil {
		t.Fatal(err)
	}
	talk, err := begin(s, node, r)
	if err != nil {
		t.Fatal(err)
	}
	return &voice{t: t, stream: s, node: node, talk: talk}
}

// try makes a request.
func (v *voice) try(q mailbox.Request) (mailbox.Answer, error) {
	frame, err := v.talk.Ask(q)
	if err != nil {
		return nil, err
	}
	if _, err := v.stream.Write(frame); err != nil {
		return nil, err
	}
	if frame, err = mailbox.ReadFrame(v.stream); err != nil {
		return nil, err
	}
	return v.talk.Hear(frame)
}

func (v *voice) ask(q mailbox.Request) mailbox.Answer {
	v.t.Helper()
	a, err := v.try(q)
	if err != nil {
		v.t.Fatalf("%T: %v", q, err)
	}
	return a
}

// expect makes a request that is answered by no more than a status.
func (v *voice) expect(want mailbox.Status, q mailbox.Request) {
	v.t.Helper()
	a := v.ask(q)
	if d, ok := a.(*mailbox.Done); !ok || d.Status != want {
		v.t.Fatalf("%T answered with %T %+v, want status %d", q, a, a, want)
	}
}

func (v *voice) login(h identity.Home) *mailbox.Standing {
	v.t.Helper()
	s, ok := v.ask(v.talk.Login(h)).(*mailbox.Standing)
	if !ok {
		v.t.Fatal("login was not taken")
	}
	return s
}

func (v *voice) fetch(wait time.Duration, marks ...[16]byte) *mailbox.Fetched {
	v.t.Helper()
	p, ok := v.ask(&mailbox.Fetch{Wait: wait, Marks: marks}).(*mailbox.Fetched)
	if !ok {
		v.t.Fatal("no page")
	}
	return p
}

// dialStream opens a stream of the nodes' protocol from a fresh host.
func dialStream(t testing.TB, to identity.Hint, p swarm.Protocol) io.ReadWriteCloser {
	t.Helper()
	h, err := swarm.Open(swarm.Options{Protocol: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return streamOf(t, h, to)
}

func streamOf(t testing.TB, h *swarm.Host, to identity.Hint) io.ReadWriteCloser {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c, err := h.DialNode(ctx, to)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.NewStream(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := multistream.SelectProtoOrFail(mailbox.ProtocolID, s); err != nil {
		t.Fatal(err)
	}
	return s
}
