package storage

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lukechampine.com/adiantum"

	"tacit/app"
	"tacit/identity/envelope"
	"tacit/storage/vault"
)

// readable returns every file of a profile as somebody with its passphrase finds it: each
// block of the database and its log deciphered.
func readable(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	v, err := vault.Open(filepath.Join(dir, vaultFile), "p")
	if err != nil {
		t.Fatal(err)
	}
	key := v.Key("store")
	all := map[string][]byte{}
	for name, content := range files(t, dir) {
		all[name] = []byte(content)
		roles := map[string]uint64{storeFile: 0, storeFile + "-wal": 1}
		role, ok := roles[name]
		if !ok {
			continue
		}
		const block = 4096
		cipher := adiantum.New(key[:])
		for at := 0; at+block <= len(all[name]); at += block {
			var tweak [16]byte
			binary.BigEndian.PutUint64(tweak[:], role)
			binary.BigEndian.PutUint64(tweak[8:], uint64(at/block))
			cipher.Decrypt(all[name][at:at+block], tweak[:])
		}
	}
	return all
}

// tail is the end of a word that no other shares: the index keeps of a word only what it
// does not share with the one before it.
type tail [7]byte

func tailOf(word string) tail { return tail([]byte(word[len(word)-len(tail{}):])) }

// tails returns which of the words stand in a file, by their ends.
func tails(content []byte, words map[tail]string) map[tail]bool {
	found := map[tail]bool{}
	for i := 0; i+len(tail{}) <= len(content); i++ {
		if w := tail(content[i:]); words[w] != "" {
			found[w] = true
		}
	}
	return found
}

// chatter fills a profile with messages of two words each that stand nowhere else, indexes
// them, and then deletes, takes back or rewrites most of them.
type chatter struct {
	*testing.T
	s     *Store
	c     app.ContactID
	rnd   *rand.Rand
	words map[tail]string
	said  map[app.MessageID]string // what is still there
}

func (k *chatter) word() string {
	b := make([]byte, 13)
	for i := range b {
		b[i] = "bcdfghjklmnpqrstvwxz"[k.rnd.IntN(20)]
	}
	k.words[tailOf(string(b))] = string(b)
	return string(b)
}

func (k *chatter) update(f func(tx app.Tx) error) {
	k.Helper()
	if err := k.s.Update(context.Background(), f); err != nil {
		k.Fatal(err)
	}
}

func (k *chatter) talk(n int) {
	for len(k.said) < n {
		k.update(func(tx app.Tx) error {
			for range 40 {
				now := time.Now()
				text := k.word() + strings.Repeat(" and so on", k.rnd.IntN(60)*k.rnd.IntN(3)) + " " + k.word()
				id, err := tx.AddMessage(app.Message{Contact: k.c, Text: text, At: now, SentAt: now, State: app.StateReceived, StateAt: now})
				if err != nil {
					return err
				}
				k.said[id] = text
			}
			return nil
		})
		k.index()
	}
}

func (k *chatter) index() {
	k.Helper()
	err := k.s.IndexAll()
	for more := true; more && err == nil; {
		k.s.alone(func() { more, err = k.s.mergeIndex() })
	}
	if err != nil {
		k.Fatal(err)
	}
}

func (k *chatter) forget(share float64) {
	for id := range k.said {
		if k.rnd.Float64() > share {
			continue
		}
		delete(k.said, id)
		way := k.rnd.IntN(3)
		k.update(func(tx app.Tx) error {
			switch way {
			case 0:
				return tx.RemoveMessage(id)
			case 1:
				return tx.SetMessageDeleted(id)
			}
			k.said[id] = k.word()
			if err := tx.SetMessageText(id, k.said[id], 1, time.Now()); err != nil {
				return err
			}
			delete(k.said, id)
			return tx.SetMessageDeleted(id) // with what it said before
		})
	}
}

// left returns how many words of what is gone stand in any file, and fails where one of
// what is there stands in none.
func (k *chatter) left(dir string) (gone map[string]int) {
	k.Helper()
	there, gone := map[tail]bool{}, map[string]int{}
	for name, content := range readable(k.T, dir) {
		for w := range tails(content, k.words) {
			there[w] = true
			said := false
			for _, text := range k.said {
				said = said || strings.Contains(text, k.words[w])
			}
			if !said {
				gone[name]++
			}
		}
	}
	for _, text := range k.said {
		if !there[tailOf(text)] {
			k.Fatalf("%q stands in no file: this test proves nothing", text)
		}
	}
	return gone
}

func newChatter(t *testing.T, dir string) *chatter {
	t.Helper()
	s, err := cheap.Create(context.Background(), dir, "p")
	if err != nil {
		t.Fatal(err)
	}
	return &chatter{T: t, s: s, c: addContact(t, s), rnd: rand.New(rand.NewPCG(8, 9)), words: map[tail]string{}, said: map[app.MessageID]string{}}
}

// TestDeletedWordsLeaveTheDisk: of messages that were deleted, taken back or edited no word
// is left in any block of any file, with the key of the profile in hand, five seconds after
// the last change; nor in the log that is removed at the end.
func TestDeletedWordsLeaveTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		k := newChatter(t, dir)
		k.talk(1200)
		k.forget(0.4)
		k.index()
		k.forget(0.5)
		k.talk(700)
		if len(k.left(dir)) == 0 {
			t.Fatal("nothing was left at once: this test proves nothing")
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if left := k.left(dir); len(left) > 0 {
			t.Errorf("when idle, words of what was deleted stand in %v", left)
		}

		k.forget(0.3)
		kept := filepath.Join(t.TempDir(), storeFile+"-wal")
		if err := os.Link(filepath.Join(dir, storeFile+"-wal"), kept); err != nil {
			t.Fatal(err)
		}
		if err := k.s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(kept, filepath.Join(dir, storeFile+"-wal")); err != nil {
			t.Fatal(err)
		}
		if left := k.left(dir); len(left) > 0 {
			t.Errorf("closed, words of what was deleted stand in %v", left)
		}
	})
}

// TestDeletedWordsLeaveTheDiskAfterACrash: the next start makes up for it.
func TestDeletedWordsLeaveTheDiskAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, crashed := t.TempDir(), t.TempDir()
		k := newChatter(t, dir)
		k.talk(200)
		k.forget(0.5)
		if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if err := k.s.Close(); err != nil {
			t.Fatal(err)
		}
		if len(k.left(crashed)) == 0 {
			t.Fatal("nothing was left by the crash: this test proves nothing")
		}
		s, err := cheap.Open(context.Background(), crashed, "p")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if left := k.left(crashed); len(left) > 0 {
			t.Errorf("words of what was deleted stand in %v", left)
		}
	})
}

// TestNeverIdle: a store that is always in use forgets as well.
func TestNeverIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		k := newChatter(t, dir)
		defer k.s.Close()
		k.talk(80)
		k.forget(0.5)
		for range 40 {
			time.Sleep(time.Second)
			k.update(func(tx app.Tx) error { return tx.SetSetting("width", []byte("900")) })
		}
		if left := k.left(dir); len(left) > 0 {
			t.Errorf("words of what was deleted stand in %v", left)
		}
	})
}

// TestReplacedLeavesTheDisk: keys of files, drafts, reactions, sayings, earlier texts,
// earlier ratchets, grants that were given, accounts at nodes and whatever hung on a contact go
// like words.
func TestReplacedLeavesTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, dir := context.Background(), t.TempDir()
		k := newChatter(t, dir)
		defer k.s.Close()
		other := addContact(t, k.s)
		key := [32]byte(bytes.Repeat([]byte{0xC1, 0xA7, 0x3D, 0x99}, 8))
		secrets := map[string]string{
			"draft":            "what I never dared to send",
			"text":             "meet me at the lighthouse 🦑🦑🦑",
			"earlier text":     "meet me at the old mill",
			"Arabic text":      "قابلني عند المنارة القديمة",
			"Japanese text":    "魔法瓶を忘れないで",
			"reaction":         "🐙👩🏾‍🚀",
			"file's key":       string(key[:]),
			"file's name":      "blueprints of the vault.pdf",
			"saying":           "what was said of a message",
			"setting":          "the value of a setting",
			"ratchet":          "the chain key of yesterday",
			"contact's name":   "Gustav Klimt",
			"contact's text":   "we were never here",
			"text not indexed": "said a moment ago",
			"spare grant":      "thirty-two bytes of a seed, spare",
			"account":          "thirty-two bytes of an account's",
			"early box":        "a box that came too early, and waits",
			"contact's offer":  "TACITNODE1:OFTHEIRS",
		}
		secrets["spare grant"] = secrets["spare grant"][:32]
		blob, err := k.s.CreateBlob(ctx, 3)
		piece := bytes.Repeat([]byte("sealed, perhaps"), app.BoxSize/15+1)[:app.BoxSize]
		if err := errors.Join(err, k.s.WriteBlob(blob, 0, piece, piece, piece), k.s.SyncBlob(ctx, blob)); err != nil {
			t.Fatal(err)
		}
		secrets["file"] = string(piece[:60])

		var first, late, foreign app.MessageID
		var saying app.SayingID
		var left, stays app.NodeID
		now := time.Now()
		message := func(tx app.Tx, c app.ContactID, text string) app.MessageID {
			id, err := tx.AddMessage(app.Message{Contact: c, Text: text, At: now, SentAt: now, State: app.StateReceived, StateAt: now})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		k.update(func(tx app.Tx) (err error) {
			first = message(tx, k.c, secrets["earlier text"])
			foreign = message(tx, other, secrets["contact's text"])
			saying, err = tx.AddSaying(app.Saying{Contact: k.c, Kind: 4, Body: []byte(secrets["saying"]), At: now})
			var err2, err3 error
			left, err2 = tx.AddNode(app.NodeRecord{Account: [32]byte([]byte(secrets["account"]))})
			stays, err3 = tx.AddNode(app.NodeRecord{})
			return errors.Join(err, err2, err3,
				tx.SetLot(app.LotRecord{Node: stays, Spares: [][32]byte{[32]byte([]byte(secrets["spare grant"])), {1}}}),
				tx.AddEarly(app.EarlyRecord{Contact: other, Box: []byte(secrets["early box"]), At: now}),
				tx.SetOffer(app.OfferRecord{Contact: other, Address: secrets["contact's offer"]}),
				tx.SetMessageText(first, secrets["Arabic text"], 1, now), tx.SetMessageText(first, secrets["Japanese text"], 2, now),
				tx.SetMessageText(first, secrets["text"], 3, now),
				tx.SetReaction(first, app.Reaction{Emoji: secrets["reaction"], At: now}, true),
				tx.AddFile(app.FileRecord{Message: first, File: envelope.File{Key: key, Length: 5}, Name: secrets["file's name"], State: app.FileDone, Blob: blob}),
				tx.SetChat(app.ChatRecord{Contact: k.c, Draft: secrets["draft"]}),
				tx.SetSession(k.c, []byte(secrets["ratchet"])), tx.SetSetting("s", []byte(secrets["setting"])),
				tx.SetContact(app.ContactRecord{ID: other, Bundle: make([]byte, 1249), TheirName: secrets["contact's name"]}))
		})
		k.index()
		k.update(func(tx app.Tx) error { late = message(tx, k.c, secrets["text not indexed"]); return nil })
		look := func() (found []string) {
			for name, content := range readable(t, dir) {
				for what, secret := range secrets {
					if bytes.Contains(content, []byte(secret)) {
						found = append(found, fmt.Sprintf("%s in %s", what, name))
					}
				}
			}
			return found
		}
		k.s.alone(func() { err = k.s.truncateLog() })
		if err != nil {
			t.Fatal(err)
		}
		if n := len(look()); n != len(secrets) {
			t.Fatalf("only %d things of %d are in the database: %v", n, len(secrets), look())
		}
		k.update(func(tx app.Tx) error {
			return errors.Join(tx.RemoveMessage(first), tx.RemoveMessage(late), tx.RemoveSaying(saying), tx.SetChat(app.ChatRecord{Contact: k.c, Draft: "x"}),
				tx.SetSession(k.c, []byte("the chain key of today")), tx.SetSetting("s", nil), tx.RemoveContact(other),
				tx.RemoveNode(left), tx.SetLot(app.LotRecord{Node: stays, Spares: [][32]byte{{1}}}))
		})
		if err := k.s.RemoveBlob(ctx, blob); err != nil {
			t.Fatal(err)
		}
		_ = foreign // went with its contact
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if found := look(); len(found) > 0 {
			t.Errorf("still there: %q", found)
		}
	})
}
