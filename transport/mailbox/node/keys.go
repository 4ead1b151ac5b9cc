package node

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
)

// The record of keys in the depot: version 1, the seed of the node's Ed25519 key 32, then
// up to two keys of talks, the newest last.
const (
	keysVersion = 1
	keysHead    = 1 + ed25519.SeedSize
	keySize     = identity.KEMSeedSize + 8 + 8 // what mailbox.Key.Marshal returns
	maxKeys     = 2
)

var (
	// ErrKeys: the depot holds keys that this program cannot read.
	ErrKeys = errors.New("the node's keys cannot be read")
	// ErrOtherNode: the depot belongs to a node with another key.
	ErrOtherNode = errors.New("the depot of another node")
)

// keyring is the keys that talks are sealed to. Front ends that share a depot share them.
type keyring struct {
	node  ed25519.PrivateKey
	depot depot.Operator

	mu     sync.Mutex
	keys   []mailbox.Key // the newest last; guarded by mu
	record []byte        // of the newest; guarded by mu
}

// openKeyring reads the keys of a depot, or makes those of a new one. Where the node's
// own key is given, the depot must have that or none.
func openKeyring(ctx context.Context, d depot.Operator, given ed25519.PrivateKey, now time.Time) (*keyring, error) {
	stored, err := d.Keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	seed, _, err := unmarshalKeys(stored)
	if err != nil {
		return nil, err
	}
	switch {
	case seed != nil:
	case given != nil:
		seed = given.Seed()
	default:
		seed = make([]byte, ed25519.SeedSize)
		rand.Read(seed)
	}
	// Of front ends that come first at once, one has made the key: refresh returns that.
	r := &keyring{node: ed25519.NewKeyFromSeed(seed), depot: d}
	err = r.refresh(ctx, now)
	if errors.Is(err, ErrOtherNode) && len(stored) == 0 && given == nil {
		return openKeyring(ctx, d, nil, now)
	}
	if err == nil && given != nil && !given.Equal(r.node) {
		err = ErrOtherNode
	}
	return r, err
}

// current returns the keys that are taken, and the record that says the newest of them.
func (r *keyring) current() (keys []mailbox.Key, record []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.keys, r.record
}

// public returns the key by which the node is known.
func (r *keyring) public() [32]byte { return [32]byte(r.node.Public().(ed25519.PublicKey)) }

// refresh reads the keys, and makes the next one when it is time. What is over is erased
// from the depot by the same step.
func (r *keyring) refresh(ctx context.Context, now time.Time) error {
	stored, err := r.depot.Keys(ctx)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	_, keys, err := unmarshalKeys(stored)
	if err != nil {
		return err
	}
	if next, turned := turn(keys, now); turned {
		if stored, err = r.depot.SetKeys(ctx, stored, marshalKeys(r.node.Seed(), next)); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
	}
	seed, keys, err := unmarshalKeys(stored)
	switch {
	case err != nil:
		return err
	case subtle.ConstantTimeCompare(seed, r.node.Seed()) != 1:
		return ErrOtherNode
	case len(keys) == 0:
		return ErrKeys
	}
	r.set(keys)
	return nil
}

func (r *keyring) set(keys []mailbox.Key) {
	record := keys[len(keys)-1].Record(r.node)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys, r.record = keys, record
}

// turn returns the keys that hold at now, and whether they are others: another one stands
// behind the newest when that has been it for KeyLife, or is dated by a clock that was wrong.
func turn(keys []mailbox.Key, now time.Time) (next []mailbox.Key, turned bool) {
	for _, k := range keys {
		if k.Until().After(now) {
			next = append(next, k)
		}
	}
	if n := len(next); n > 0 {
		left := next[n-1].Until().Sub(now)
		if left > mailbox.KeyLife && left <= 2*mailbox.KeyLife+mailbox.ClockGrace {
			return next, n != len(keys)
		}
	}
	next = append(next, mailbox.NewKey(now))
	return next[max(0, len(next)-maxKeys):], true
}

func marshalKeys(seed []byte, keys []mailbox.Key) []byte {
	b := append([]byte{keysVersion}, seed...)
	for _, k := range keys {
		b = append(b, k.Marshal()...)
	}
	return b
}

// unmarshalKeys reads what marshalKeys returned; nothing is no keys. ErrKeys.
func unmarshalKeys(b []byte) (seed []byte, keys []mailbox.Key, err error) {
	if len(b) == 0 {
		return nil, nil, nil
	}
	if len(b) < keysHead || b[0] != keysVersion || len(b) > keysHead+maxKeys*keySize || (len(b)-keysHead)%keySize != 0 {
		return nil, nil, ErrKeys
	}
	for rest := b[keysHead:]; len(rest) > 0; rest = rest[keySize:] {
		k, err := mailbox.UnmarshalKey(rest[:keySize])
		if err != nil {
			return nil, nil, ErrKeys
		}
		keys = append(keys, k)
	}
	return bytes.Clone(b[1:keysHead]), keys, nil
}
