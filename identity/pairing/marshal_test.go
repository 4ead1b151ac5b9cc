package pairing

import (
	"bytes"
	"testing"
)

// states returns one state of each kind that there is.
func states(t testing.TB) map[string]State {
	t.Helper()
	m := newMeeting(t)
	all := map[string]State{
		"offered": m.r, "searching": m.s,
	}
	m.upTo(1)
	all["answered"] = m.r
	m.step(2)
	all["replied"] = m.s
	m.step(3)
	all["confirming"] = m.r
	m.step(4)
	all["S agreed"] = m.s
	m.step(5)
	all["R agreed"] = m.r
	all["S begun"], all["R begun"] = m.s.Begun(), m.r.Begun()
	all["failed"] = m.r.kept(Failed)

	m = newReset(t)
	all["reset offered"], all["reset searching"] = m.r, m.s
	for n, name := range []string{"answered", "replied", "confirming", "S agreed", "R agreed"} {
		m.step(n + 1)
		all["reset "+name] = m.r
		if n%2 == 1 {
			all["reset "+name] = m.s
		}
	}
	return all
}

func TestUnmarshalIsStrict(t *testing.T) {
	for name, s := range states(t) {
		good := s.Marshal()
		if len(good) > 12<<10 {
			t.Errorf("%s takes %d bytes", name, len(good))
		}
		for n := range good {
			if _, err := Unmarshal(good[:n]); err != ErrMalformed {
				t.Fatalf("%s: %d of %d bytes: %v", name, n, len(good), err)
			}
		}
		if _, err := Unmarshal(append(bytes.Clone(good), 0)); err != ErrMalformed {
			t.Errorf("%s: a trailing byte: %v", name, err)
		}
		for at, to := range map[int]byte{0: stateVersion + 1, 1: 0, 2: 0x80} {
			b := bytes.Clone(good)
			b[at] = to
			if _, err := Unmarshal(b); err != ErrMalformed {
				t.Errorf("%s: byte %d set to %d: %v", name, at, to, err)
			}
		}
	}
}

func TestUnmarshalRefusesWhatCannotBe(t *testing.T) {
	all := states(t)
	for name, s := range map[string]State{
		"offered to S":          {phase: Offered, card: all["offered"].card},
		"searching R":           {phase: Searching, presenter: true, card: all["offered"].card, last: make([]byte, CellSize)},
		"scanned by R":          {phase: Offered, presenter: true, scanned: true, card: all["offered"].card},
		"begun too early":       {phase: Offered, presenter: true, begun: true, card: all["offered"].card},
		"checked too early":     {phase: Offered, presenter: true, checked: true, card: all["offered"].card},
		"unknown phase":         {phase: Failed + 1, presenter: true, card: all["offered"].card},
		"first messages of S":   {phase: Failed, seen: make([]key, 1), card: all["offered"].card},
		"four first messages":   {phase: Offered, presenter: true, seen: make([]key, MaxFirstMessages+1), card: all["offered"].card},
		"reset with two M1":     {kind: byReset, phase: Offered, presenter: true, seen: make([]key, 2)},
		"reset with a name":     {kind: byReset, phase: Failed, name: "x"},
		"scanned reset":         {kind: byReset, phase: Failed, scanned: true},
		"checked reset":         {kind: byReset, phase: Agreed, checked: true},
		"name that is too long": {phase: Offered, presenter: true, name: string(make([]byte, MaxName+1)), card: all["offered"].card},
	} {
		if _, err := Unmarshal(s.Marshal()); err != ErrMalformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a message leaves for the next is not kept after it.
func TestSecretsAreErased(t *testing.T) {
	m := newMeeting(t)
	ephemeral, nonceS := m.s.seed, m.s.nonce
	m.upTo(2)
	if bytes.Contains(m.s.Marshal(), ephemeral[:]) {
		t.Error("S keeps the secret of pk_e after M2")
	}
	k1, k2 := m.r.chain, m.s.chain
	for n := 3; n <= 5; n++ {
		m.step(n)
	}
	for name, secret := range map[string]key{"k1": k1, "k2": k2, "N_S": nonceS} {
		if bytes.Contains(m.r.Marshal(), secret[:]) || bytes.Contains(m.s.Marshal(), secret[:]) {
			t.Errorf("%s is kept", name)
		}
	}
	_, s, _ := m.s.fail(ErrWrongPeer)
	secrets, _ := m.s.Secrets()
	if b := s.Marshal(); bytes.Contains(b, secrets.SK[:]) || bytes.Contains(b, secrets.RS[:]) {
		t.Error("a failed pairing keeps the keys of the session")
	}
}

// A session's first messages cannot be opened with what the pairing still holds.
func TestBegunErasesTheKeysOfTheSession(t *testing.T) {
	m := newMeeting(t)
	m.upTo(3)
	if s := m.r.Begun(); !bytes.Equal(s.Marshal(), m.r.Marshal()) {
		t.Error("a session begins before the keys are agreed")
	}
	m.step(4)
	m.step(5)
	for _, s := range []State{m.r, m.s} {
		secrets, _ := s.Secrets()
		next := s.Begun()
		for name, secret := range map[string][]byte{
			"SK": secrets.SK[:], "HKa": secrets.HKa[:], "NHKb": secrets.NHKb[:], "ratchet key": secrets.RatchetKey,
		} {
			if bytes.Contains(next.Marshal(), secret) {
				t.Errorf("%s is kept", name)
			}
		}
		again, err := Unmarshal(next.Marshal())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []State{next, again} {
			if _, ok := s.Secrets(); ok {
				t.Error("another session could begin")
			}
			if rs, ok := s.ResetSecret(); !ok || rs != secrets.RS {
				t.Error("RS is lost")
			}
			if peer, _, ok := s.Peer(); !ok || peer != secrets.Peer {
				t.Error("the peer is lost")
			}
		}
	}
	repeated, _, err := m.s.Begun().Receive(m.idS, m.m[4], start)
	if err != nil || !bytes.Equal(repeated.Reply, m.m[5]) {
		t.Errorf("a repeated M4 is not answered with M5: %v", err)
	}
	r, err := m.r.Begun().Check(m.s.Show())
	if err != nil || !r.Checked() {
		t.Errorf("the codes cannot be compared: %v", err)
	}
}
