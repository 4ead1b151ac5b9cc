package envelope

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/identity"
)

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func mailbox(t testing.TB) []byte {
	t.Helper()
	b, err := identity.Hint{Port: 443, Addr: netip.MustParseAddr("192.31.196.7")}.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGrantRoundTrip(t *testing.T) {
	for name, g := range map[string]Grant{
		"without mailbox": NewGrant(start),
		"with mailbox":    NewSpareGrant([32]byte{1}, [16]byte{2}, mailbox(t), start),
	} {
		if g.Count != 256 || !g.NotAfter.Equal(start.AddDate(0, 0, 90)) {
			t.Errorf("%s: %d tokens until %v", name, g.Count, g.NotAfter)
		}
		got, err := UnmarshalGrant(g.Marshal())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Seed != g.Seed || got.LinkKey != g.LinkKey || got.Count != g.Count ||
			!got.NotAfter.Equal(g.NotAfter) || !bytes.Equal(got.Mailbox, g.Mailbox) || got.Lot != g.Lot {
			t.Errorf("%s comes back changed", name)
		}
		if len(g.Marshal()) > 176 {
			t.Errorf("%s takes %d bytes", name, len(g.Marshal()))
		}
	}
	if a, b := NewGrant(start), NewGrant(start); a.Seed == b.Seed || a.LinkKey == b.LinkKey {
		t.Error("grants repeat")
	}
}

func TestTokens(t *testing.T) {
	g := NewGrant(start)
	seen := map[Token]bool{}
	for i := range g.Count {
		seen[g.Token(i)] = true
	}
	if len(seen) != int(g.Count) {
		t.Error("tokens repeat")
	}
	h := hmac.New(sha256.New, g.Seed[:])
	h.Write([]byte("tok\x00\x00\x00\x07"))
	if got := g.Token(7); !bytes.Equal(got[:], h.Sum(nil)[:16]) {
		t.Error("not HMAC(seed, tok || i)")
	}
}

func TestGrantIsStrict(t *testing.T) {
	good := NewSpareGrant([32]byte{1}, [16]byte{2}, mailbox(t), start)
	encoded := good.Marshal()
	for n := range encoded {
		if _, err := UnmarshalGrant(encoded[:n]); err != ErrMalformed {
			t.Fatalf("%d of %d bytes: %v", n, len(encoded), err)
		}
	}
	if _, err := UnmarshalGrant(append(bytes.Clone(encoded), 0)); err != ErrMalformed {
		t.Errorf("a trailing byte: %v", err)
	}
	fields := func(change func(map[int]any)) []byte {
		m := map[int]any{1: good.Seed[:], 2: 256, 3: 1, 4: good.LinkKey[:], 5: []byte{}}
		change(m)
		return must(grantEncoding.Marshal(m))
	}
	if _, err := UnmarshalGrant(fields(func(map[int]any) {})); err != nil {
		t.Fatalf("the base itself: %v", err)
	}
	for name, b := range map[string][]byte{
		"no seed":             fields(func(m map[int]any) { delete(m, 1) }),
		"short seed":          fields(func(m map[int]any) { m[1] = good.Seed[:31] }),
		"no tokens":           fields(func(m map[int]any) { m[2] = 0 }),
		"too many tokens":     fields(func(m map[int]any) { m[2] = 257 }),
		"a billion tokens":    fields(func(m map[int]any) { m[2] = 1_000_000_000 }),
		"negative count":      fields(func(m map[int]any) { m[2] = -1 }),
		"negative time":       fields(func(m map[int]any) { m[3] = -1 }),
		"time as text":        fields(func(m map[int]any) { m[3] = "1" }),
		"long link key":       fields(func(m map[int]any) { m[4] = make([]byte, 33) }),
		"no mailbox field":    fields(func(m map[int]any) { delete(m, 5) }),
		"null mailbox":        fields(func(m map[int]any) { m[5] = nil }),
		"no such mailbox":     fields(func(m map[int]any) { m[5] = []byte("x") }),
		"long mailbox":        fields(func(m map[int]any) { m[5] = make([]byte, 65) }),
		"mailbox without lot": fields(func(m map[int]any) { m[5] = mailbox(t) }),
		"lot without mailbox": fields(func(m map[int]any) { m[6] = make([]byte, 16) }),
		"no lot at all":       fields(func(m map[int]any) { m[5], m[6] = mailbox(t), []byte{} }),
		"short lot":           fields(func(m map[int]any) { m[5], m[6] = mailbox(t), make([]byte, 15) }),
		"lot as a number":     fields(func(m map[int]any) { m[5], m[6] = mailbox(t), 1 }),
		"unknown field":       fields(func(m map[int]any) { m[7] = 1 }),
		"not a map":           must(cbor.Marshal([]int{1})),
		"indefinite length":   append(append([]byte{0xbf}, fields(func(map[int]any) {})[1:]...), 0xff),
		"field twice":         append(append([]byte{0xa6}, fields(func(map[int]any) {})[1:]...), 3, 1),
		"number spelt wider":  bytes.Replace(fields(func(map[int]any) {}), []byte{3, 1}, []byte{3, 0x18, 1}, 1),
		"tag":                 append([]byte{0xc1}, encoded...),
		"far too long":        make([]byte, 1<<20),
	} {
		if _, err := UnmarshalGrant(b); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeldIsUsedOnce(t *testing.T) {
	g := NewGrant(start)
	w := Hold(g)
	var all []Token
	for range (GrantCount - ReservedTokens) / 4 {
		tokens, next, err := w.Take(4, start)
		if err != nil {
			t.Fatal(err)
		}
		all, w = append(all, tokens...), next
	}
	if _, _, err := w.Take(1, start); err != ErrSpent {
		t.Errorf("the reserve is used: %v", err)
	}
	for i, token := range all {
		if token != g.Token(uint32(i)) {
			t.Fatalf("token %d is out of turn", i)
		}
	}
	var none Held
	if _, _, err := none.Take(1, start); err != ErrSpent {
		t.Errorf("no grant: %v", err)
	}
}

func TestHeldRunsLow(t *testing.T) {
	w := Hold(NewGrant(start))
	if w.Low(start) {
		t.Error("a fresh grant is low")
	}
	for w.Left() > GrantCount/4+1 {
		_, w, _ = w.Take(1, start)
	}
	if w.Low(start) {
		t.Error("low above a quarter")
	}
	if _, w, _ = w.Take(1, start); !w.Low(start) {
		t.Error("not low at a quarter")
	}
	w = Hold(NewGrant(start))
	if due := start.Add(GrantLife * 3 / 4); !w.Low(due) || w.Low(due.Add(-time.Second)) {
		t.Error("not low in the last quarter of its time")
	}
	end := start.Add(GrantLife)
	if _, _, err := w.Take(1, end); err != nil {
		t.Errorf("in its last second: %v", err)
	}
	if _, next, err := w.Take(1, end.Add(time.Second)); err != ErrExpired || next.Left() != w.Left() {
		t.Errorf("after its time: %v", err)
	}
}

func TestIssuedKeepsTheCurrentAndThePrevious(t *testing.T) {
	var w Issued
	var all []Grant
	for range 3 {
		var g Grant
		g, w = w.Issue(start)
		all = append(all, g)
	}
	keys := []identity.LinkKey{all[2].LinkKey, all[1].LinkKey}
	if !slices.Equal(w.LinkKeys(), keys) {
		t.Error("not the current and the previous key, in this order")
	}
}

func TestWalletsMarshal(t *testing.T) {
	_, w := Issued{}.Issue(start)
	_, w = w.IssueSpare([32]byte{1}, [16]byte{2}, mailbox(t), start)
	w, _ = w.Spent(w.grants[0].Token(7), 7, 1)
	b := w.Marshal()
	if again, err := UnmarshalIssued(walletVersion, b); err != nil || !bytes.Equal(again.Marshal(), b) {
		t.Errorf("issued: %v", err)
	}
	for n := range b {
		if _, err := UnmarshalIssued(walletVersion, b[:n]); err != ErrMalformed {
			t.Fatalf("issued: %d of %d bytes: %v", n, len(b), err)
		}
	}
	if _, err := UnmarshalIssued(walletVersion, append(bytes.Clone(b), 0)); err != ErrMalformed {
		t.Errorf("issued, a trailing byte: %v", err)
	}
	three := Issued{append(slices.Clone(w.grants), w.grants[0])}
	if _, err := UnmarshalIssued(walletVersion, three.Marshal()); err != ErrMalformed {
		t.Errorf("three issued: %v", err)
	}

	held := Hold(NewGrant(start))
	_, held, _ = held.Take(9, start)
	_, held, _ = held.TakeReserve(3, start)
	b = held.Marshal()
	again, err := UnmarshalHeld(walletVersion, b)
	if err != nil || !bytes.Equal(again.Marshal(), b) || again.Left() != held.Left() {
		t.Errorf("held: %v", err)
	}
	for n := 1; n < len(b); n++ {
		if _, err := UnmarshalHeld(walletVersion, b[:n]); err != ErrMalformed {
			t.Fatalf("held: %d of %d bytes: %v", n, len(b), err)
		}
	}
	if _, err := UnmarshalHeld(walletVersion, append(bytes.Clone(b), 0)); err != ErrMalformed {
		t.Errorf("held, a trailing byte: %v", err)
	}
	b[2] = 2
	if _, err := UnmarshalHeld(walletVersion, b); err != ErrMalformed {
		t.Errorf("more used than there are: %v", err)
	}
	if none, err := UnmarshalHeld(walletVersion, nil); err != nil || none.Left() != 0 {
		t.Errorf("none: %v", err)
	}
}

// A time that overflows would compare as long past.
func TestGrantOfALastYear(t *testing.T) {
	g := NewGrant(start)
	for unix, want := range map[int64]error{0: nil, endNotAfter - 1: nil, endNotAfter: ErrMalformed, 1<<63 - 1: ErrMalformed} {
		g.NotAfter = time.Unix(unix, 0)
		if _, err := UnmarshalGrant(g.Marshal()); err != want {
			t.Errorf("%d: %v, want %v", unix, err, want)
		}
	}
}

// TestReserve: a session reset gets through when everything else is spent, and no token is
// used twice.
func TestReserve(t *testing.T) {
	g := NewGrant(start)
	w := Hold(g)
	_, w, _ = w.Take(w.Left(), start)
	if _, _, err := w.Take(1, start); err != ErrSpent {
		t.Errorf("more than there are: %v", err)
	}
	for i := uint32(GrantCount - ReservedTokens); i < GrantCount; i += 2 {
		tokens, next, err := w.TakeReserve(2, start)
		if err != nil || tokens[0] != g.Token(i) || tokens[1] != g.Token(i+1) {
			t.Fatalf("from %d: %v", i, err)
		}
		w = next
	}
	if _, _, err := w.TakeReserve(1, start); err != ErrSpent {
		t.Errorf("more than the reserve: %v", err)
	}
	if _, _, err := Hold(g).TakeReserve(1, start.Add(GrantLife+time.Second)); err != ErrExpired {
		t.Errorf("after its time: %v", err)
	}
	if _, _, err := (Held{}).TakeReserve(1, start); err != ErrSpent {
		t.Errorf("of none: %v", err)
	}
	few := Hold(Grant{Count: 3, NotAfter: start})
	if few.Left() != 0 {
		t.Errorf("%d of 3 tokens for messages", few.Left())
	}
	if tokens, _, err := few.TakeReserve(3, start); err != nil || tokens[0] != few.grant.Token(0) {
		t.Errorf("all of a short grant: %v", err)
	}
}

func TestIndexOfAToken(t *testing.T) {
	g := NewGrant(start)
	for _, i := range []uint32{0, 77, GrantCount - 1} {
		if got, ok := g.Index(g.Token(i)); !ok || got != i {
			t.Errorf("token %d: %d, %t", i, got, ok)
		}
	}
	if _, ok := g.Index(g.Token(GrantCount)); ok {
		t.Error("a token beyond the grant is one")
	}
}

// TestRenewWhenTokensRunOut: three quarters of the tokens of the current grant came.
func TestRenewWhenTokensRunOut(t *testing.T) {
	before, w := Issued{}.Issue(start)
	now, w := w.Issue(start)
	for _, c := range []struct {
		name    string
		token   Token
		i       uint32
		changed bool
		due     bool
	}{
		{"one of neither", Token{1}, 250, false, false},
		{"with another place", now.Token(250), 249, false, false},
		{"beyond the grant", now.Token(GrantCount), GrantCount, false, false},
		{"the last of the one before", before.Token(255), 255, true, false},
		{"the first", now.Token(0), 0, true, false},
		{"one before three quarters", now.Token(190), 190, true, false},
		{"an earlier one", now.Token(100), 100, false, false},
		{"again", now.Token(190), 190, false, false},
		{"at three quarters", now.Token(191), 191, true, true},
	} {
		next, changed := w.Spent(c.token, c.i, 1)
		if changed != c.changed || next.RenewDue(start) != c.due {
			t.Errorf("%s: changed %t, due %t", c.name, changed, next.RenewDue(start))
		}
		if changed && bytes.Equal(next.Marshal(), w.Marshal()) {
			t.Errorf("%s: not written", c.name)
		}
		w = next
	}
}

// TestTokensSpentTogether: a cell that is paid with several tokens bears the first.
func TestTokensSpentTogether(t *testing.T) {
	g, w := Issued{}.Issue(start)
	w, changed := w.Spent(g.Token(100), 100, 16)
	if again, twice := w.Spent(g.Token(115), 115, 1); !changed || twice || again.grants[0].used != 116 {
		t.Errorf("%d are used", again.grants[0].used)
	}
	if w, _ = w.Spent(g.Token(250), 250, 16); w.grants[0].used != GrantCount {
		t.Errorf("%d of %d are used", w.grants[0].used, GrantCount)
	}
}

// TestWalletsOfVersion1: profiles made before there were mailboxes are read.
func TestWalletsOfVersion1(t *testing.T) {
	a, b := NewGrant(start), NewGrant(start)
	issued, err := UnmarshalIssued(1, appendGrant(appendGrant([]byte{2}, a), b))
	if err != nil || len(issued.Grants()) != 2 || issued.Grants()[1].Seed != b.Seed {
		t.Errorf("issued: %v", err)
	}
	held, err := UnmarshalHeld(1, appendGrant([]byte{0, 0, 0, 9}, a))
	if got, ok := held.Grant(); err != nil || !ok || got.Seed != a.Seed || held.Left() != GrantCount-ReservedTokens-9 {
		t.Errorf("held: %v", err)
	}
	for _, version := range []uint8{0, 3} {
		if _, err := UnmarshalIssued(version, []byte{0}); err != ErrMalformed {
			t.Errorf("issued, version %d: %v", version, err)
		}
		if _, err := UnmarshalHeld(version, nil); err != ErrMalformed {
			t.Errorf("held, version %d: %v", version, err)
		}
	}
	over := Hold(a)
	over.reserve = ReservedTokens
	if w, err := UnmarshalHeld(walletVersion, over.Marshal()); err != nil || w.reserve != ReservedTokens {
		t.Errorf("all of the reserve: %v", err)
	}
	over.reserve++
	if _, err := UnmarshalHeld(walletVersion, over.Marshal()); err != ErrMalformed {
		t.Errorf("more of the reserve than there is: %v", err)
	}
	w := Issued{[]given{{a, GrantCount}}}
	if again, err := UnmarshalIssued(walletVersion, w.Marshal()); err != nil || again.grants[0].used != GrantCount {
		t.Errorf("all used: %v", err)
	}
	w.grants[0].used++
	if _, err := UnmarshalIssued(walletVersion, w.Marshal()); err != ErrMalformed {
		t.Errorf("more used than issued: %v", err)
	}
}
