package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"tacit/app"
	"tacit/storage"
)

// How large the measured store is.
const (
	manyMessages   = 1_000_000
	bulk           = 10_000 // messages a transaction while filling
	storedContacts = 200
	words          = 30_000 // of the vocabulary
)

// filled creates a store, fills it, and opens it again, as after a start.
func filled(ctx context.Context, dir string, o storage.Options) (*storage.Store, []app.ContactID, error) {
	s, err := o.Create(ctx, dir, passphrase)
	if err != nil {
		return nil, nil, err
	}
	contacts, err := fill(ctx, s)
	if err == nil {
		err = rest(ctx, s)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, nil, err
	}
	s, err = o.Open(ctx, dir, passphrase)
	return s, contacts, err
}

// rest waits until the store, while nobody uses it, has filled its search index.
func rest(ctx context.Context, s *storage.Store) error {
	for {
		behind, err := s.Unindexed(ctx)
		if err != nil || behind == 0 {
			return err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// fill stores the contacts and messages: half of them in one chat, the rest spread.
func fill(ctx context.Context, s *storage.Store) ([]app.ContactID, error) {
	var contacts []app.ContactID
	w := newWriter()
	err := s.Update(ctx, func(tx app.Tx) error {
		for i := range storedContacts {
			id, err := tx.AddContact(contact(i))
			if err != nil {
				return err
			}
			contacts = append(contacts, id)
		}
		return nil
	})
	at := time.Now().Add(-manyMessages * time.Second)
	for done := 0; done < manyMessages && err == nil; done += bulk {
		err = s.Update(ctx, func(tx app.Tx) error {
			for i := range bulk {
				c := contacts[0]
				if i%2 == 1 {
					c = contacts[w.random.IntN(len(contacts))]
				}
				at = at.Add(time.Second)
				text := w.sentence()
				if i%10 == 0 {
					text = w.unspaced()
				}
				m := app.Message{Contact: c, Own: i%3 == 0, Ref: newRef(), Text: text, SentAt: at, At: at, State: app.StateReceived, StateAt: at}
				if m.Own {
					m.State = app.StateDelivered
				}
				if _, err := tx.AddMessage(m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return contacts, err
}

func contact(i int) app.ContactRecord {
	bundle := make([]byte, 1249)
	bundle[0], bundle[1], bundle[2] = 1, byte(i), byte(i>>8)
	return app.ContactRecord{Bundle: bundle, TheirName: fmt.Sprint("Contact ", i), Trust: app.Verified, Meeting: app.MetByCodes, MetAt: time.Now(), Writable: true}
}

// frequent words, in several scripts; they are followed by words that grow ever rarer.
var frequent = []string{
	"la", "the", "demain", "we", "should", "نعم", "please", "matin", "dossier", "contract", "غداً", "confirm", "réunion",
	"after", "minister", "الملف", "has", "spoken", "merci", "draft", "page", "sources", "verified", "جاهز", "train",
	"noon", "children", "شكراً", "اجتماع", "publish", "الساعة", "العاشرة",
}

// writer writes sentences whose words are as unequally frequent as those of people.
type writer struct {
	random *mathrand.Rand
	word   *mathrand.Zipf
}

func newWriter() *writer {
	r := mathrand.New(mathrand.NewPCG(1, 2))
	return &writer{r, mathrand.NewZipf(r, 1.07, 8, words-1)}
}

func (w *writer) sentence() string {
	var b []byte
	for range 3 + w.random.IntN(20) {
		if i := int(w.word.Uint64()); i < len(frequent) {
			b = append(b, frequent[i]...)
		} else {
			b = appendRare(b, i)
		}
		b = append(b, ' ')
	}
	return string(b)
}

// unspaced returns a sentence of Han, of which a few hundred make up most of a text.
func (w *writer) unspaced() string {
	var b []rune
	for range 5 + w.random.IntN(30) {
		b = append(b, '一'+rune(w.word.Uint64()%5000))
	}
	return string(b)
}

func newRef() (r app.Ref) {
	rand.Read(r[:])
	return r
}

// appendRare appends a word made of syllables, another one for each i.
func appendRare(b []byte, i int) []byte {
	for ; i > 0; i /= 60 {
		b = append(b, "bcdfghklmnpt"[i%60/5], "aeiou"[i%5])
	}
	return b
}
