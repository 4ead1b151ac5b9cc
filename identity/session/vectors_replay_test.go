package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"tacit/identity"
	"tacit/identity/vectors"
)

// sessionReplay follows a conversation by the formulas, with nothing of this
// package: it has the seeds of both sides and opens every box that they made.
type sessionReplay struct {
	t     *testing.T
	keys  chainKeys
	chain map[string]*replayChain // the chain in which each side sends
	boxes map[string]*replayBox
}

// replayChain is what both sides know of a chain: its header key and the keys of its messages so far.
type replayChain struct {
	hk, ck []byte
	n      uint32
}

type replayBox struct {
	sealer  string
	content []byte
	opened  bool
}

// result is what opening it must give: a box on its own says that, where no chain was lost.
func (b *replayBox) result(step sessionStep) string {
	header, body := false, false
	for _, a := range step.Alter {
		header = header || 16 <= a[0] && a[0] < 16+2416
		body = body || a[0] >= 16+2416
	}
	switch {
	case b.sealer == step.Open || header:
		return "unknown"
	case b.opened:
		return "used"
	case body:
		return "forged"
	}
	return "ok"
}

func TestReplaySessions(t *testing.T) {
	for _, c := range vectors.Load[sessionVector](t, "identity/session", "session") {
		t.Run(c.Name, func(t *testing.T) {
			r := &sessionReplay{
				t: t, chain: map[string]*replayChain{}, boxes: map[string]*replayBox{},
				keys: chainKeys{ad: c.AD, rk: c.SK, hk: map[string][]byte{"S": c.HKa, "R": c.NHKb}, seed: map[string][]byte{"R": c.RSeed}},
			}
			for i, step := range c.Steps {
				if step.Seal != "" {
					r.seal(i, step)
					continue
				}
				box, known := r.boxes[step.Box]
				if !known {
					t.Fatalf("step %d opens %q", i, step.Box)
				}
				if want := box.result(step); step.Result != want {
					t.Errorf("step %d: %s, not %s", i, step.Result, want)
				}
				if step.Result == "ok" {
					box.opened = true
					if !bytes.Equal(step.Content, box.content) {
						t.Errorf("step %d: another content", i)
					}
				}
			}
		})
	}
}

func (r *sessionReplay) seal(i int, step sessionStep) {
	r.t.Helper()
	box := []byte(step.Cell)[16:]
	if len(step.Cell) != 4096 && len(step.Cell) != 16384 {
		r.t.Fatalf("step %d: a cell of %d bytes", i, len(step.Cell))
	}
	sum := sha256.Sum256(box)
	if !bytes.Equal(step.Digest, sum[:16]) {
		r.t.Errorf("step %d: another digest", i)
	}
	if step.Seed != nil {
		hk := r.keys.hk[step.Seal]
		rk, ck, nhk := r.keys.begin(r.t, step.Seal, peerOf[step.Seal], box)
		if !bytes.Equal(slices.Concat(rk, ck, nhk), slices.Concat(step.RK, step.CK, step.NHK)) {
			r.t.Fatalf("step %d: another RK, CK or NHK", i)
		}
		r.keys.seed[step.Seal] = step.Seed
		r.chain[step.Seal] = &replayChain{hk: hk, ck: ck}
	}
	content := r.open(i, step.Seal, box)
	r.boxes[step.As] = &replayBox{sealer: step.Seal, content: content}
	if !bytes.Equal(content, step.Content) {
		r.t.Errorf("step %d: another content", i)
	}
	var array []any
	for _, f := range step.Fields {
		n, err := strconv.ParseUint(f, 10, 64)
		if err != nil {
			r.t.Fatal(err)
		}
		array = append(array, n)
	}
	if !bytes.Equal(coreDet(r.t, append(array, append([]byte{}, step.Body...))), content) {
		r.t.Errorf("step %d: the fields are not the content's", i)
	}
}

// open opens the next box of a chain: header, body, padding.
func (r *sessionReplay) open(i int, sender string, box []byte) []byte {
	r.t.Helper()
	chain := r.chain[sender]
	header, err := identity.Open(chain.hk, box[:2416], r.keys.ad)
	if err != nil || binary.BigEndian.Uint32(header[2340:]) != chain.n {
		r.t.Fatalf("step %d: header: %v", i, err)
	}
	if !bytes.Equal(header[:1216], identity.NewPrivateKey([32]byte(r.keys.seed[sender])).Public()) {
		r.t.Errorf("step %d: the header's key is not that of the seed", i)
	}
	message, next := identity.MAC(chain.ck, []byte{1}), identity.MAC(chain.ck, []byte{2})
	chain.ck, chain.n = next[:], chain.n+1
	padded, err := identity.Open(message[:], box[2416:], slices.Concat(r.keys.ad, box[:2416]))
	if err != nil {
		r.t.Fatalf("step %d: body: %v", i, err)
	}
	n := binary.BigEndian.Uint32(padded)
	if int(n) > len(padded)-4 || slices.ContainsFunc(padded[4+n:], func(c byte) bool { return c != 0 }) {
		r.t.Fatalf("step %d: padding", i)
	}
	return padded[4 : 4+n]
}

func TestReplayResets(t *testing.T) {
	for _, c := range vectors.Load[resetVector](t, "identity/session", "reset") {
		derived := c
		derived.derive(t)
		if !reflect.DeepEqual(derived, c) {
			t.Errorf("%s: another value follows from the boxes", c.Name)
		}
		idR, idS := identity.FromRoot([32]byte(c.RootR)), identity.FromRoot([32]byte(c.RootS))
		for kind, box := range []vectors.Hex{c.Ask, c.Box1} {
			id, peer := idS, idR.Bundle()
			if kind == 1 {
				id, peer = idR, idS.Bundle()
			}
			step, next, err := NewReset([32]byte(c.RS), 0).Receive(id, peer, box, start)
			if err != nil || !step.Changed || step.Reply == nil || strconv.FormatUint(next.Number(), 10) != c.N {
				t.Errorf("%s: box %d: %v", c.Name, kind, err)
			}
		}
	}
}

// TestReplayRefusedResets replays the cases at the beginning of a reset. The states
// after it hold what the two drew, and cannot be put there from outside: those are
// compared where they are made (TestVectorsOfResets) and replayed by the other program.
func TestReplayRefusedResets(t *testing.T) {
	v := vectors.Load[resetVector](t, "identity/session", "reset")[0]
	n, err := strconv.ParseUint(v.N, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	idR, idS := identity.FromRoot([32]byte(v.RootR)), identity.FromRoot([32]byte(v.RootS))
	_, asking, err := NewReset([32]byte(v.RS), n-1).Start(idR, idS.Bundle(), start)
	if err != nil {
		t.Fatal(err)
	}
	replayed := 0
	for _, c := range vectors.Load[resetRefusedVector](t, "identity/session", "reset_refused") {
		switch {
		case c.After > 0:
			continue
		case c.To == "S":
			c.check(t, v, NewReset([32]byte(v.RS), 0), idS, idR.Bundle())
		default:
			c.check(t, v, asking, idR, idS.Bundle())
		}
		replayed++
	}
	if replayed == 0 {
		t.Error("no case is at the beginning")
	}
}
