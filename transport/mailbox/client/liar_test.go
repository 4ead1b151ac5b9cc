package client

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"io"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	ma "github.com/multiformats/go-multiaddr"
	"github.com/multiformats/go-multistream"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// liar is a host at loopback that answers as a test says.
type liar struct {
	ed   ed25519.PrivateKey
	key  mailbox.Key
	at   identity.Hint
	host *swarm.Host
}

// startLiar has say answer each stream on which the protocol of nodes was chosen.
func startLiar(t *testing.T, say func(liar, network.Stream)) liar {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(ed)
	if err != nil {
		t.Fatal(err)
	}
	l := liar{ed: ed, key: mailbox.NewKey(time.Now())}
	l.host, err = swarm.Open(swarm.Options{Key: key, Listen: []ma.Multiaddr{swarm.TCPAddr(loopback, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	_, port := l.host.Ports()
	l.at = identity.Hint{Node: [32]byte(ed[32:]), Port: port, Addr: loopback}
	l.host.Swarm.SetStreamHandler(func(s network.Stream) {
		defer s.Reset()
		mux := multistream.NewMultistreamMuxer[protocol.ID]()
		mux.AddHandler(mailbox.ProtocolID, nil)
		if _, _, err := mux.Negotiate(s); err == nil {
			say(l, s)
		}
	})
	t.Cleanup(l.host.Close)
	return l
}

// record answers the question for the key as a node does.
func (l liar) record(s io.ReadWriter) {
	if _, err := io.ReadFull(s, make([]byte, 1)); err == nil {
		s.Write(l.key.Record(l.ed))
	}
}

// serve opens the talk as a node does.
func (l liar) serve(s io.ReadWriter) *mailbox.Served {
	l.record(s)
	var opening [1 + mailbox.OpeningSize]byte
	if _, err := io.ReadFull(s, opening[:]); err != nil {
		return nil
	}
	served, ok := mailbox.Accept(l.at.Node, []mailbox.Key{l.key}, [mailbox.OpeningSize]byte(opening[1:]))
	if !ok {
		return nil
	}
	s.Write([]byte{mailbox.TalkAccepted})
	return served
}

// hear reads the next request; nil when the client has gone.
func hear(served *mailbox.Served, s io.Reader) mailbox.Request {
	frame, err := mailbox.ReadFrame(s)
	if err != nil {
		return nil
	}
	q, err := served.Open(frame)
	if err != nil {
		return nil
	}
	return q
}

// wait holds the stream until the client leaves.
func wait(s io.Reader) { io.Copy(io.Discard, s) }

// TestLiarsAreFound: what answers wrongly is false, what does not answer unreachable, and
// nothing of it is taken.
func TestLiarsAreFound(t *testing.T) {
	noise := make([]byte, mailbox.Page.FrameSize())
	rand.Read(noise)
	falsely, away := identity.ErrNodeFalse, identity.ErrNodeUnreachable
	for name, c := range map[string]struct {
		say  func(liar, network.Stream)
		want error
	}{
		"closes at once":    {func(_ liar, s network.Stream) {}, away},
		"never answers":     {func(_ liar, s network.Stream) { wait(s) }, away},
		"a record of zeros": {func(_ liar, s network.Stream) { s.Write(make([]byte, mailbox.KeyRecordSize)); wait(s) }, falsely},
		"another's record": {func(l liar, s network.Stream) {
			_, other, _ := ed25519.GenerateKey(rand.Reader)
			s.Write(l.key.Record(other))
			wait(s)
		}, falsely},
		"half a record": {func(l liar, s network.Stream) { s.Write(l.key.Record(l.ed)[:600]); s.CloseWrite(); wait(s) }, away},
		"never has the key": {func(l liar, s network.Stream) {
			l.record(s)
			s.Write([]byte{mailbox.TalkRefused})
			s.CloseWrite()
			wait(s)
		}, falsely},
		"an unknown word": {func(l liar, s network.Stream) { l.record(s); s.Write([]byte{7}); wait(s) }, falsely},
		"stalls after it": {func(l liar, s network.Stream) { l.serve(s); wait(s) }, away},
		"a class of none": {func(l liar, s network.Stream) { l.serve(s); s.Write([]byte{9}); wait(s) }, falsely},
		"noise for a frame": {func(l liar, s network.Stream) {
			l.serve(s)
			s.Write(append([]byte{byte(mailbox.Small)}, noise[:mailbox.Small.FrameSize()-1]...))
			wait(s)
		}, falsely},
		"noise for a page": {func(l liar, s network.Stream) {
			l.serve(s)
			s.Write(append([]byte{byte(mailbox.Page)}, noise[1:]...))
			wait(s)
		}, falsely},
		"half a frame": {func(l liar, s network.Stream) {
			l.serve(s)
			s.Write(append([]byte{byte(mailbox.Small)}, noise[:99]...))
			s.CloseWrite()
			wait(s)
		}, away},
		"the request again": {func(l liar, s network.Stream) {
			l.serve(s)
			if frame, err := mailbox.ReadFrame(s); err == nil {
				s.Write(frame)
			}
			wait(s)
		}, falsely},
		"noise without end": {func(l liar, s network.Stream) {
			for {
				if _, err := s.Write(noise); err != nil {
					return
				}
			}
		}, falsely},
	} {
		l := startLiar(t, c.say)
		client := newClient(t, identity.Internet{})
		client.times.step = 300 * time.Millisecond
		ctx := within(t, 20*time.Second)
		content, err := client.Look(ctx, l.at, [16]byte{1}, false)
		if err != c.want || content != [mailbox.ContentSize]byte{} {
			t.Errorf("%s: %v", name, err)
		}
		client = newClient(t, identity.Internet{})
		client.times.step = 300 * time.Millisecond
		if page, err := client.Fetch(ctx, newHome(l.at), nil, 0); err != c.want || page.Cells != nil {
			t.Errorf("%s: fetch: %v", name, err)
		}
		client.Close()
		l.host.Close()
	}
}

// TestAnswersFitTheirQuestion: a node that repeats an answer, or answers with another kind,
// is false; what it said before holds.
func TestAnswersFitTheirQuestion(t *testing.T) {
	ds := []identity.Deposit{newTokens().deposit(mailbox.Small), newTokens().deposit(mailbox.Small)}
	for name, second := range map[string]func(first []byte, s *mailbox.Served) []byte{
		"again":    func(first []byte, _ *mailbox.Served) []byte { return first },
		"breaks":   func([]byte, *mailbox.Served) []byte { return nil },
		"in pages": func([]byte, *mailbox.Served) []byte { return make([]byte, mailbox.Page.FrameSize()) },
	} {
		l := startLiar(t, func(l liar, s network.Stream) {
			served := l.serve(s)
			if served == nil || hear(served, s) == nil {
				return
			}
			first, _ := served.Answer(&mailbox.Done{})
			s.Write(first)
			if hear(served, s) != nil {
				s.Write(second(first, served))
				s.CloseWrite()
			}
			wait(s)
		})
		want := identity.ErrNodeFalse
		if name == "breaks" {
			want = identity.ErrNodeUnreachable
		}
		client := newClient(t, identity.Internet{})
		verdicts, err := client.Put(within(t, 20*time.Second), l.at, ds)
		if err != want || len(verdicts) != 1 || verdicts[0] != identity.DepositKept {
			t.Errorf("%s: %v, %v", name, verdicts, err)
		}
	}
}

// TestAnotherNode: who answers at the address has another key, or speaks something else.
func TestAnotherNode(t *testing.T) {
	l := startLiar(t, func(liar, network.Stream) {})
	other := l.at
	other.Node = startLiar(t, func(liar, network.Stream) {}).at.Node
	c := newClient(t, identity.Internet{})
	if _, err := c.Standing(within(t, 20*time.Second), newHome(other)); err != identity.ErrNodeFalse {
		t.Errorf("another key: %v", err)
	}
	l.host.Swarm.SetStreamHandler(func(s network.Stream) {
		mux := multistream.NewMultistreamMuxer[protocol.ID]()
		mux.AddHandler("/else", nil)
		mux.Negotiate(s)
	})
	if _, err := c.Standing(within(t, 20*time.Second), newHome(l.at)); err != identity.ErrNodeFalse {
		t.Errorf("another protocol: %v", err)
	}
}

func TestWhenceIsAnAddress(t *testing.T) {
	for said, want := range map[string]string{
		"/ip4/192.0.2.1/udp/40/quic-v1": "192.0.2.1:40", "/ip6/2001:db8::1/tcp/50": "[2001:db8::1]:50",
		"": "", "nonsense": "", "/dns4/example.org/tcp/4": "", "/ip4/192.0.2.1": "",
	} {
		l := startLiar(t, func(_ liar, s network.Stream) {
			io.ReadFull(s, make([]byte, 1))
			mailbox.WriteWhence(s, said)
			wait(s)
		})
		got, err := newClient(t, identity.Internet{}).Observe(within(t, 20*time.Second), newHome(l.at))
		if got != want || (want == "") != (err == identity.ErrNodeFalse) {
			t.Errorf("%q: %q, %v", said, got, err)
		}
	}
}

// TestStreamsOfANodeAreClosed: a node that opens streams to its client gets nothing.
func TestStreamsOfANodeAreClosed(t *testing.T) {
	said := make(chan error, 1)
	l := startLiar(t, func(_ liar, s network.Stream) {
		back, err := s.Conn().NewStream(t.Context())
		if err == nil {
			back.SetDeadline(time.Now().Add(5 * time.Second))
			back.Write(bytes.Repeat([]byte{1}, 100))
			_, err = back.Read(make([]byte, 1))
		}
		said <- err
	})
	c := newClient(t, identity.Internet{})
	c.Look(within(t, 20*time.Second), l.at, [16]byte{}, false)
	if err := <-said; err == nil {
		t.Error("the client answered")
	} else if timed, ok := err.(interface{ Timeout() bool }); ok && timed.Timeout() {
		t.Error("the stream stayed open")
	}
}

// TestKeyIsNoName: a node that gives everybody another key knows nobody again by it, neither
// those who deposit nor whose account it is.
func TestKeyIsNoName(t *testing.T) {
	asked := make(chan bool, 1)
	l := startLiar(t, func(l liar, s network.Stream) {
		var first [1]byte
		_, err := io.ReadFull(s, first[:])
		s.Write(mailbox.NewKey(time.Now()).Record(l.ed))
		asked <- err == nil && first[0] == mailbox.OpenKey
		wait(s)
	})
	home := newHome(l.at)
	c := newClient(t, identity.Internet{Homes: []identity.Home{home}})
	c.times.step = 200 * time.Millisecond
	for i, call := range []func() error{
		func() error { _, err := c.Standing(t.Context(), home); return err },
		func() error { _, err := c.Look(t.Context(), l.at, [16]byte{1}, false); return err },
		func() error { _, err := c.Look(t.Context(), l.at, [16]byte{2}, false); return err },
	} {
		if err := call(); err != identity.ErrNodeUnreachable {
			t.Errorf("call %d: %v", i, err)
		}
		if !<-asked {
			t.Errorf("call %d uses the key of another one", i)
		}
	}
	if len(c.records) != 1 {
		t.Errorf("%d records are kept", len(c.records))
	}
}
