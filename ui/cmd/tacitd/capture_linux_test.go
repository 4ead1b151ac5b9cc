package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/quicreuse"
	"github.com/multiformats/go-multiaddr"
	"github.com/quic-go/quic-go"
	"golang.org/x/net/dns/dnsmessage"

	"tacit/ui/cmd/internal/drive"
)

// TestTwoStartsOnALANShareNothing listens on the cable between two computers while their
// owners pair and chat, stop, start again and chat again. Neither recording shows who
// they are or what they said, and nothing in the second leads back to the first.
func TestTwoStartsOnALANShareNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		over func(*lab)
	}{
		{"quic", func(*lab) {}},
		{"tcp", (*lab).withoutQUIC},
	} {
		t.Run(c.name, func(t *testing.T) {
			common := clientHello(t)
			l := newLab(t)
			c.over(l)
			first, second, secret := twoStarts(t, l)
			for i, start := range []*recording{first, second} {
				start.check(t, c.name)
				for _, s := range secret {
					if start.contains(s.value) {
						t.Errorf("%s stands readable in what start %d sent", s.what, i+1)
					}
				}
			}
			// The announcements, name by name.
			for name := range second.names {
				if first.names[name] && !slices.Contains(spokenNames, name) {
					t.Errorf("announced in both starts: %q", name)
				}
			}
			// What the first start was known by, wherever it might stand in the second.
			for name := range first.names {
				if len(name) >= stretch && !slices.Contains(spokenNames, name) && second.contains([]byte(name)) {
					t.Errorf("a name of the first start stands in the second: %q", name)
				}
			}
			for id := range first.peers {
				key, err := id.ExtractPublicKey()
				if err != nil {
					t.Fatal(err)
				}
				raw, err := key.Raw()
				if err != nil {
					t.Fatal(err)
				}
				for _, form := range [][]byte{[]byte(id), []byte(id.String()), raw} {
					if second.contains(form) {
						t.Errorf("the second start shows the peer key of the first: %x", form)
					}
				}
			}
			// All the rest, blindly.
			for s := range second.stretches {
				if first.stretches[s] && !hasAny(common, s) {
					t.Errorf("both starts sent %q (%x)", s, s)
				}
			}
		})
	}
}

// secret is something that must not be readable, and how to name it in a failure.
type secret struct {
	what  string
	value []byte
}

// twoStarts lets two people pair and chat, and chat again after both programs were
// started anew. It returns what went over the cable and what must not stand in it.
func twoStarts(t *testing.T, l *lab) (first, second *recording, secrets []secret) {
	t.Helper()
	names := []string{"Wilhelmina Okonkwo", "Bartholomew Zyx"}
	w := newWorld(t)
	for _, name := range names {
		w.init(name)
		secrets = append(secrets, secret{"a name", []byte(name)}, secret{"a first name", []byte(strings.Fields(name)[0])})
	}
	say := func(p, q *drive.Process, contact, text string) {
		t.Helper()
		secrets = append(secrets, secret{"a text", []byte(text)})
		w.awaitState(p, w.send(p, contact, text), "delivered")
		w.awaitText(q, text)
	}
	keep := func(what, text string) { secrets = append(secrets, secret{what, []byte(text)}) }

	finish := l.capture()
	a, b := l.start(w, names[0], 0), l.start(w, names[1], 1)
	m, err := drive.Pair(w.ctx, a, b, func(line string) {
		if card, ok := strings.CutPrefix(line, "card: "); ok {
			keep("the card", card)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	keep("a code", m.PresenterCode)
	keep("a code", m.ScannerCode)
	for i, p := range []*drive.Process{a, b} {
		var own struct{ Fingerprint string }
		w.call(p, "profile.get", nil, &own)
		raw, err := hex.DecodeString(own.Fingerprint)
		if err != nil || len(raw) != 32 {
			t.Fatalf("fingerprint %q", own.Fingerprint)
		}
		secrets = append(secrets, secret{"a fingerprint", raw})
		keep("the digits of a fingerprint", own.Fingerprint)
		keep("the digits of a fingerprint", strings.ToUpper(own.Fingerprint))
		var other struct {
			SafetyNumber string `json:"safety_number"`
		}
		w.call(p, "contact.get", map[string]any{"contact": []string{m.Presenter, m.Scanner}[i]}, &other)
		if len(other.SafetyNumber) != 60 {
			t.Fatalf("safety number %q", other.SafetyNumber)
		}
		keep("the safety number", other.SafetyNumber)
	}
	say(a, b, m.Presenter, "the first quotation on page four")
	say(b, a, m.Scanner, "an answer about the lighthouse")
	w.shutdown(a)
	w.shutdown(b)
	first = dissect(t, finish())

	finish = l.capture()
	a, b = l.start(w, names[0], 0), l.start(w, names[1], 1)
	say(a, b, m.Presenter, "the second quotation on page nine")
	say(b, a, m.Scanner, "and more about the lighthouse")
	w.shutdown(a)
	w.shutdown(b)
	return first, dissect(t, finish()), secrets
}

// stretch is how many equal bytes two starts may have in common by chance: two recordings
// of a megabyte share 12 random ones once in 2^56 times.
const stretch = 12

// spokenNames is what every Tacit says in multicast DNS: the service and the list of services.
var spokenNames = []string{"_tacit", "_udp", "local", "_services", "_dns-sd"}

// constants are what every connection of this kind has, whoever makes it. What stands
// between them is compared.
var constants = [][]byte{
	[]byte("\x13/multistream/1.0.0\n"), // TCP, before Noise
	[]byte("\x07/noise\n"),
	[]byte("\x02\x00\x04\x96\x03\x03"),                 // TLS: a ServerHello, its length, TLS 1.2 as the old version
	[]byte("\x00\x2b\x00\x02\x03\x04\x00\x33\x04\x64"), // TLS: the version is 1.3, a key share follows
	make([]byte, 4),                                    // QUIC: PADDING
}

// recording is what two computers sent during one start, taken apart.
type recording struct {
	payloads  [][]byte // of UDP and TCP, the Initial packets of QUIC once more as opened
	hellos    int      // Initial packets opened
	segments  int      // of TCP, with a payload
	names     map[string]bool
	peers     map[peer.ID]bool
	stretches map[string]bool // of what is not multicast DNS
	initials  initials
}

func newRecording() *recording {
	return &recording{names: make(map[string]bool), peers: make(map[peer.ID]bool), stretches: make(map[string]bool)}
}

// hellos is how many dials show all that a hello can say: a filler in it has one of some
// twenty lengths, which stand between constants.
const hellos = 250

// window is a part of a stretch. What recurs among dials of nobody is of the library, and
// excuses the stretches around it: a random byte before eleven constant ones is the same
// in two starts every 256th time. An identifier of stretch bytes has stretches without.
type window [8]byte

// clientHello returns what this version of libp2p and of Go's TLS say again and again to
// begin QUIC connections under any key: dials of nobody, with no part of Tacit in them.
func clientHello(t *testing.T) map[window]bool {
	t.Helper()
	before, again := map[window]bool{}, map[window]bool{}
	for range hellos {
		one := map[window]bool{}
		for _, p := range oneHello(t).payloads {
			for i := 0; i+len(window{}) <= len(p); i++ {
				one[window([]byte(p[i:]))] = true
			}
		}
		for w := range one {
			if before[w] {
				again[w] = true
			}
			before[w] = true
		}
	}
	return again
}

// hasAny reports whether a part of the stretch s is among the windows.
func hasAny(windows map[window]bool, s string) bool {
	for i := 0; i+len(window{}) <= len(s); i++ {
		if windows[window([]byte(s[i:]))] {
			return true
		}
	}
	return false
}

func oneHello(t *testing.T) *recording {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	key, public, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := peer.IDFromPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := quicreuse.NewConnManager(quic.StatelessResetKey{}, quic.TokenGeneratorKey{})
	if err != nil {
		t.Fatal(err)
	}
	defer sockets.Close()
	dialler, err := libp2pquic.NewTransport(key, sockets, nil, nil, &network.NullResourceManager{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		to := multiaddr.StringCast(fmt.Sprintf("/ip4/127.0.0.1/udp/%d/quic-v1", socket.LocalAddr().(*net.UDPAddr).Port))
		if c, err := dialler.Dial(ctx, to, nobody); err == nil {
			c.Close()
		}
	}()
	r := newRecording()
	buf := make([]byte, 1<<16)
	for r.hellos < 2 { // the key of ML-KEM does not fit one packet
		if err := socket.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		n, err := socket.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		r.datagram(buf[:n])
	}
	cancel()
	<-ended
	return r
}

// dissect takes frames apart. It fails for what it has no explanation for.
func dissect(t *testing.T, frames [][]byte) *recording {
	t.Helper()
	r := newRecording()
	for _, f := range frames {
		protocol, payload, err := payloadOf(f)
		if err != nil {
			t.Error(err)
		}
		if len(payload) == 0 {
			continue
		}
		r.payloads = append(r.payloads, payload)
		switch {
		case protocol == protocolTCP:
			r.segments++
			r.cut(payload)
		case r.announcement(t, payload):
		default:
			r.datagram(payload)
		}
	}
	return r
}

// datagram adds a packet of QUIC, as it is and, if everybody can open it, as opened.
func (r *recording) datagram(packet []byte) {
	r.cut(packet)
	if opened, ok := r.initials.open(packet); ok {
		r.hellos++
		r.payloads = append(r.payloads, opened)
		r.cut(opened)
	}
}

// check fails if the recording does not show what is looked for in it.
func (r *recording) check(t *testing.T, over string) {
	t.Helper()
	if len(r.peers) < 2 || len(r.names) < 8 || !r.contains([]byte("\x06_tacit\x04_udp")) {
		t.Errorf("found %d peers and the names %v in the announcements", len(r.peers), r.names)
	}
	if over == "quic" && r.hellos < 2 || over == "tcp" && (r.segments < 20 || !r.contains([]byte("/noise\n"))) {
		t.Errorf("opened %d hellos of QUIC and saw %d segments of TCP", r.hellos, r.segments)
	}
	if len(r.stretches) < 4<<10 {
		t.Errorf("only %d stretches in %d packets", len(r.stretches), len(r.payloads))
	}
}

func (r *recording) contains(needle []byte) bool {
	return slices.ContainsFunc(r.payloads, func(p []byte) bool { return bytes.Contains(p, needle) })
}

// cut adds the stretches of a payload between the constants.
func (r *recording) cut(payload []byte) {
	parts := [][]byte{payload}
	for _, c := range constants {
		var next [][]byte
		for _, p := range parts {
			next = append(next, bytes.Split(p, c)...)
		}
		parts = next
	}
	for _, p := range parts {
		for i := 0; i+stretch <= len(p); i++ {
			r.stretches[string(p[i:i+stretch])] = true
		}
	}
}

// announcement adds what a packet of multicast DNS says, and reports whether it is one.
func (r *recording) announcement(t *testing.T, payload []byte) bool {
	t.Helper()
	var m dnsmessage.Message
	if m.Unpack(payload) != nil {
		return false
	}
	name := func(n dnsmessage.Name) {
		for label := range strings.SplitSeq(strings.TrimSuffix(n.String(), "."), ".") {
			r.names[label] = true
		}
	}
	for _, q := range m.Questions {
		name(q.Name)
	}
	for _, a := range slices.Concat(m.Answers, m.Authorities, m.Additionals) {
		name(a.Header.Name)
		switch body := a.Body.(type) {
		case *dnsmessage.SRVResource:
			name(body.Target)
		case *dnsmessage.PTRResource:
			name(body.PTR)
		case *dnsmessage.TXTResource:
			r.texts(t, body.TXT)
		case *dnsmessage.AResource, *dnsmessage.AAAAResource: // the system's
		default:
			t.Errorf("an unexplained record: %v", a.Header.Type)
		}
	}
	return true
}

// texts reads the texts of an announcement: a peer ID, and ports, which the system gives
// out and which may be equal by chance.
func (r *recording) texts(t *testing.T, texts []string) {
	t.Helper()
	for _, text := range texts {
		key, value, _ := strings.Cut(text, "=")
		switch key {
		case "e":
			id, err := peer.Decode(value)
			if err != nil {
				t.Errorf("not a peer ID: %q", text)
			}
			r.names[value] = true
			r.peers[id] = true
		case "q", "t":
			if len(value) > len("65535") {
				t.Errorf("not a port: %q", text)
			}
		default:
			t.Errorf("an unexplained text: %q", text)
		}
	}
}

const (
	protocolTCP  = 6
	protocolUDP  = 17
	protocolNext = 0 // IPv6's options: only multicast listener reports have them here
)

// payloadOf returns what a frame carries for UDP or TCP. Other protocols are the system's:
// ARP, ICMPv6 and reports of who listens to a multicast group.
func payloadOf(frame []byte) (protocol byte, payload []byte, err error) {
	const ethernet, ipv6Header, udpHeader = 14, 40, 8
	if len(frame) < ethernet {
		return 0, nil, fmt.Errorf("a frame of %d bytes", len(frame))
	}
	packet := frame[ethernet:]
	switch kind := binary.BigEndian.Uint16(frame[12:]); kind {
	case 0x0806: // ARP
		return 0, nil, nil
	case 0x0800:
		protocol, packet = packet[9], packet[int(packet[0]&15)*4:int(binary.BigEndian.Uint16(packet[2:]))]
	case 0x86dd:
		protocol, packet = packet[6], packet[ipv6Header:ipv6Header+int(binary.BigEndian.Uint16(packet[4:]))]
	default:
		return 0, nil, fmt.Errorf("a frame of unexplained type %#x", kind)
	}
	switch protocol {
	case protocolUDP:
		return protocol, packet[udpHeader:], nil
	case protocolTCP:
		return protocol, packet[int(packet[12]>>4)*4:], nil
	case 1, 2, 58, protocolNext: // ICMP, IGMP, ICMPv6
		return protocol, nil, nil
	}
	return 0, nil, fmt.Errorf("a packet of unexplained protocol %d", protocol)
}
