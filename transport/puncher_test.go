package transport

import (
	"bufio"
	"bytes"
	"net/netip"
	"testing"
	"time"

	ma "github.com/multiformats/go-multiaddr"
)

var punchAddr = ma.StringCast("/ip4/192.31.196.7/udp/4000/quic-v1")

// punchRound runs one asking between two punchers that are rtt apart, and returns when
// each dials and whether it opens for the other.
func punchRound(t *testing.T, a, b *puncher, now time.Time, rtt time.Duration, reachable bool) (dialA, dialB time.Time, opensA, opensB bool) {
	t.Helper()
	o := func(s *offerStep) *offer {
		if s == nil {
			t.Fatal("nothing to send")
		}
		return &offer{step: *s, addrs: []ma.Multiaddr{punchAddr}}
	}
	do, wake := a.next(now, reachable)
	if do.send == nil || *do.send != offerAsk || !wake.After(now) {
		t.Fatalf("at first: %+v, then %v", do, wake)
	}
	at := now.Add(rtt / 2)
	do = b.hear(at, o(do.send))
	if do.send == nil || *do.send != offerAnswer || do.dial != nil {
		t.Fatalf("asked: %+v", do)
	}
	at = at.Add(rtt / 2)
	do = a.hear(at, o(do.send))
	if do.dial != nil {
		t.Fatal("dials before the other side can know")
	}
	goAhead := o(do.send)
	if do, _ = a.next(at, reachable); do.dial != nil {
		t.Fatal("dials before the other side can know")
	}
	at = at.Add(rtt / 2)
	do = b.hear(at, goAhead)
	if do.dial == nil {
		t.Fatalf("told to dial: %+v", do)
	}
	dialB, opensB = at, do.opens
	do, _ = a.next(at, reachable)
	if do.dial == nil {
		t.Fatalf("its moment: %+v", do)
	}
	return at, dialB, do.opens, opensB
}

// TestPunchersDialTogether: both dial at the same moment, in opposite roles, and change
// them each time; who is reachable lets the other dial first.
func TestPunchersDialTogether(t *testing.T) {
	for _, reachable := range []bool{false, true} {
		a, b := newPuncher(true, epoch), newPuncher(false, epoch)
		now := epoch
		for try := range punchPauses {
			now = now.Add(2 * time.Minute)
			dialA, dialB, opensA, opensB := punchRound(t, a, b, now, 80*time.Millisecond, reachable)
			if !dialA.Equal(dialB) {
				t.Errorf("they dial %v apart", dialB.Sub(dialA))
			}
			if want := reachable != (try%2 == 1); opensA != want || opensB == opensA {
				t.Errorf("try %d, reachable %v: roles %v and %v", try, reachable, opensA, opensB)
			}
		}
		if do, wake := a.next(now.Add(time.Hour), reachable); do.send != nil || !wake.IsZero() {
			t.Errorf("asks more than %d times", len(punchPauses))
		}
	}
}

// TestPuncherIsNotAnswered: whoever does not answer is asked again a few times only.
func TestPuncherIsNotAnswered(t *testing.T) {
	a := newPuncher(true, epoch)
	asked := 0
	for now := epoch; now.Sub(epoch) < time.Hour; now = now.Add(time.Second) {
		do, _ := a.next(now, false)
		if do.dial != nil {
			t.Fatalf("%+v", do)
		}
		if do.send != nil {
			asked++
		}
	}
	if asked != len(punchPauses) {
		t.Errorf("asked %d times", asked)
	}
}

// TestPuncherPassesOver: what comes out of turn moves nothing.
func TestPuncherPassesOver(t *testing.T) {
	for _, asks := range []bool{false, true} {
		for _, step := range []offerStep{offerAnswer, offerDial, offerOpen} {
			p := newPuncher(asks, epoch)
			if do := p.hear(epoch, &offer{step: step, addrs: []ma.Multiaddr{punchAddr}}); do.send != nil || do.dial != nil {
				t.Errorf("asks %v, step %d: %+v", asks, step, do)
			}
		}
	}
	a := newPuncher(true, epoch)
	if do := a.hear(epoch, &offer{step: offerAsk}); do.send != nil {
		t.Error("answers where it is its turn to ask")
	}
	b := newPuncher(false, epoch)
	b.hear(epoch, &offer{step: offerAsk, addrs: []ma.Multiaddr{punchAddr}})
	b.hear(epoch, &offer{step: offerDial})
	if do := b.hear(epoch, &offer{step: offerDial}); do.dial != nil {
		t.Error("dials twice for one asking")
	}
}

func TestOfferRoundTrip(t *testing.T) {
	want := offer{step: offerAnswer, addrs: []ma.Multiaddr{punchAddr, ma.StringCast("/ip6/2001:db8::1/tcp/4001")}}
	raw := want.append(nil)
	r := bufio.NewReader(bytes.NewReader(raw))
	f, err := readFrame(r)
	if err != nil || f.offer == nil {
		t.Fatalf("%+v, %v", f, err)
	}
	if f.offer.step != want.step || len(f.offer.addrs) != 2 || !f.offer.addrs[1].Equal(want.addrs[1]) {
		t.Errorf("%+v", f.offer)
	}
	for n := range raw {
		if _, err := readFrame(bufio.NewReader(bytes.NewReader(raw[:n]))); err == nil {
			t.Errorf("%d bytes of it are taken for an offer", n)
		}
	}
	many := offer{step: offerAsk}
	for range maxAddrs + 1 {
		many.addrs = append(many.addrs, punchAddr)
	}
	for name, bad := range map[string][]byte{
		"step 0":        {frameOffer, 0, 0, 0},
		"step 5":        {frameOffer, 5, 0, 0},
		"too long":      {frameOffer, 1, 0xff, 0xff},
		"cut inside":    {frameOffer, 1, 0, 2, 9, 4},
		"no address":    {frameOffer, 1, 0, 2, 1, 0xff},
		"too many":      many.append(nil),
		"empty address": {frameOffer, 1, 0, 1, 0},
	} {
		if f, err := readFrame(bufio.NewReader(bytes.NewReader(bad))); err == nil {
			t.Errorf("%s: %+v", name, f.offer)
		}
	}
}

// TestStraight: nobody has this side dial what is not a peer on the internet.
func TestStraight(t *testing.T) {
	for text, want := range map[string]bool{
		"/ip4/192.31.196.7/udp/4000/quic-v1":              true,
		"/ip4/192.31.196.7/tcp/4000":                      true,
		"/ip6/2a00:1450::7/udp/4000/quic-v1":              true,
		"/ip4/192.31.196.7/udp/53/quic-v1":                false, // a service
		"/ip4/192.31.196.7/tcp/1023":                      false,
		"/ip4/192.31.196.7/udp/4000":                      false, // no QUIC
		"/ip4/192.31.196.7/tcp/4000/ws":                   false,
		"/ip4/192.31.196.7/tcp/4000/p2p-circuit":          false,
		"/ip4/10.0.0.1/tcp/4000":                          false,
		"/ip4/192.168.1.1/tcp/4000":                       false,
		"/ip4/169.254.1.1/tcp/4000":                       false,
		"/ip4/127.0.0.1/tcp/4000":                         false,
		"/ip4/224.0.0.251/udp/5353/quic-v1":               false,
		"/ip4/255.255.255.255/udp/5353/quic-v1":           false,
		"/ip4/0.0.0.0/tcp/4000":                           false,
		"/ip6/::1/tcp/4000":                               false,
		"/ip6/fe80::1/tcp/4000":                           false,
		"/ip6/fd00::1/tcp/4000":                           false,
		"/ip6/::ffff:10.0.0.1/tcp/4000":                   false,
		"/dns4/example.org/tcp/4000":                      false,
		"/dns/example.org/udp/4000/quic-v1":               false,
		"/ip4/192.31.196.7/udp/4000/quic-v1/webtransport": false,
	} {
		if got := len(straight([]ma.Multiaddr{ma.StringCast(text)}, public)) == 1; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	var many []ma.Multiaddr
	for i := range uint16(100) {
		many = append(many, ma.StringCast("/ip4/192.31.196.7/tcp/4000"), punchAddr, ma.StringCast(
			"/ip4/192.31.197."+netip.AddrFrom4([4]byte{0, 0, 0, byte(i)}).String()[6:]+"/tcp/4000"))
	}
	if n := len(straight(many, public)); n != maxAddrs {
		t.Errorf("%d addresses", n)
	}
}
