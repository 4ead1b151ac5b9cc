package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"tacit/transport/mailbox"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
)

func TestKeysTurn(t *testing.T) {
	ctx, store, now := context.Background(), memory.New(depot.Options{}), time.Unix(1_800_000_000, 0)
	first, err := openKeyring(ctx, store, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	second, err := openKeyring(ctx, store, nil, now) // another front end
	if err != nil || second.public() != first.public() {
		t.Fatalf("two front ends are two nodes: %v", err)
	}
	newest := func(r *keyring) mailbox.KeyID { keys, _ := r.current(); return keys[len(keys)-1].ID() }
	old := newest(first)
	refresh := func(r *keyring, after time.Duration) {
		t.Helper()
		if err := r.refresh(ctx, now.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	refresh(first, mailbox.KeyLife-time.Second)
	if newest(first) != old {
		t.Error("turned before its time")
	}
	refresh(first, mailbox.KeyLife)
	refresh(second, mailbox.KeyLife)
	if newest(first) == old || newest(first) != newest(second) {
		t.Error("not turned, or differently")
	}
	keys, record := second.current()
	if len(keys) != 2 || keys[0].ID() != old {
		t.Error("the one before is not taken any more")
	}
	if r, err := mailbox.ParseKeyRecord(second.public(), record); err != nil || r.ID != newest(second) || !r.Holds(now.Add(mailbox.KeyLife)) {
		t.Errorf("the record does not say the newest: %v", err)
	}
	refresh(first, 2*mailbox.KeyLife)
	stored, err := store.Keys(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, keys, err := unmarshalKeys(stored); err != nil || len(keys) != 2 || keys[0].ID() == old {
		t.Errorf("the old key was not erased: %v", err)
	}
}

// TestKeyOfAWrongClock sees a key replaced that was made a year ahead.
func TestKeyOfAWrongClock(t *testing.T) {
	ctx, store, now := context.Background(), memory.New(depot.Options{}), time.Unix(1_800_000_000, 0)
	r, err := openKeyring(ctx, store, nil, now.Add(365*24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.refresh(ctx, now); err != nil {
		t.Fatal(err)
	}
	_, record := r.current()
	if k, err := mailbox.ParseKeyRecord(r.public(), record); err != nil || !k.Holds(now) {
		t.Errorf("clients cannot take its key: %v", err)
	}
}

func TestKeysOfAnother(t *testing.T) {
	ctx, store, now := context.Background(), memory.New(depot.Options{}), time.Now()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openKeyring(ctx, store, key, now); err != nil {
		t.Fatal(err)
	}
	if r, err := openKeyring(ctx, store, nil, now); err != nil || !r.node.Equal(key) {
		t.Errorf("the depot's key was not taken: %v", err)
	}
	_, other, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openKeyring(ctx, store, other, now); !errors.Is(err, ErrOtherNode) {
		t.Errorf("another key: %v", err)
	}
}

func TestKeysThatCannotBeRead(t *testing.T) {
	key := mailbox.NewKey(time.Now())
	good := marshalKeys(make([]byte, 32), []mailbox.Key{key})
	if len(key.Marshal()) != keySize {
		t.Fatalf("a key takes %d bytes", len(key.Marshal()))
	}
	for name, b := range map[string][]byte{
		"version": append([]byte{2}, good[1:]...),
		"short":   good[:len(good)-1],
		"head":    good[:20],
		"many":    marshalKeys(make([]byte, 32), []mailbox.Key{key, key, key}),
		"times":   append(good[:len(good)-16:len(good)-16], make([]byte, 16)...),
	} {
		if _, _, err := unmarshalKeys(b); !errors.Is(err, ErrKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, keys, err := unmarshalKeys(good); err != nil || len(keys) != 1 {
		t.Errorf("good ones: %v", err)
	}
}
