package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"tacit/app"
	"tacit/identity"
	"tacit/storage"
	"tacit/storage/vault"
)

// TestFilesDoNotCountContacts: somebody with one contact and somebody with twenty have the
// same files of the same sizes, while the profile is open and afterwards, and how each
// likes their window stands in none of them.
func TestFilesDoNotCountContacts(t *testing.T) {
	const window = `{"width":1234.5,"height":876.5}`
	w := newWorld(t)
	var stores []*storage.Store
	for name, contacts := range map[string]int{"one": 1, "twenty": 20} {
		s, err := storage.Options{Cost: vault.LeastCost}.Create(w.ctx, w.path(name), "p")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		stores = append(stores, s)
		if err := s.Update(w.ctx, func(tx app.Tx) error { return tx.SetSetting("ui.window", []byte(window)) }); err != nil {
			t.Fatal(err)
		}
		for i := range contacts {
			chat(t, s, fmt.Sprintf("Contact Number %d", i))
		}
	}
	look := func() {
		for _, name := range []string{"one", "twenty"} {
			for what, needle := range map[string]string{
				"the window's size": "1234.5", "the name of a setting": "ui.window",
				"a contact's name": "Contact Number", "a text": "lighthouse",
			} {
				w.searchFiles(w.path(name), what, []byte(needle))
			}
		}
		w.sameFiles("one", "twenty")
	}
	look()
	for _, s := range stores {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	look()
}

// sameFiles compares names and sizes of two profiles' files.
func (w *world) sameFiles(a, b string) {
	w.t.Helper()
	one, other := w.files(a), w.files(b)
	if len(one) != len(other) {
		w.t.Errorf("%d files and %d files", len(one), len(other))
	}
	for name := range one {
		if len(one[name]) != len(other[name]) {
			w.t.Errorf("%s has %d bytes in %s and %d in %s", name, len(one[name]), a, len(other[name]), b)
		}
	}
}

// chat stores a contact as large as real ones are, with some messages.
func chat(t *testing.T, s *storage.Store, name string) {
	t.Helper()
	err := s.Update(context.Background(), func(tx app.Tx) error {
		now := time.Now()
		bundle := identity.New().Bundle()
		id, err := tx.AddContact(app.ContactRecord{Bundle: bundle[:], TheirName: name, MetAt: now, Trust: app.Verified, Writable: true})
		if err != nil {
			return err
		}
		if err := tx.SetSession(id, bytes.Repeat(binary.BigEndian.AppendUint64(nil, uint64(id)), 350)); err != nil {
			return err
		}
		for range 5 {
			m := app.Message{Contact: id, Text: "Meet me at the old lighthouse", At: now, SentAt: now, State: app.StateReceived, StateAt: now}
			if _, err := tx.AddMessage(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
