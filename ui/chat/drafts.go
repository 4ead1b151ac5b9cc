package chat

import (
	"context"
	"time"

	"tacit/app"
)

// draftDelay is how long a draft rests in memory before it is kept: long enough that
// no key waits for the disk, short enough that a power cut costs a sentence.
const draftDelay = time.Second

// Drafts are the texts that were typed and not sent. The profile keeps them.
//
// Owner of every field: the window's goroutine.
type Drafts struct {
	m      Messenger
	work   *Work
	texts  map[app.ContactID]string
	voices voices                 // in memory alone
	typed  map[app.ContactID]bool // since it was kept
	rest   wait
	busy   bool // one is being kept: the last one typed must be the last one kept
	notify []func(app.ContactID)
}

// NewDrafts returns none.
func NewDrafts(m Messenger, w *Work) *Drafts {
	return &Drafts{m: m, work: w, texts: map[app.ContactID]string{}, voices: voices{}, typed: map[app.ContactID]bool{}}
}

// Get returns the draft for a contact, or "".
func (d *Drafts) Get(c app.ContactID) string { return d.texts[c] }

// Set replaces a draft; "" removes it.
func (d *Drafts) Set(c app.ContactID, text string) {
	if !d.put(c, text) {
		return
	}
	d.typed[c] = true
	d.rest.start(d.work, draftDelay, d.Keep)
}

// load takes what the profile keeps, unless something was typed since.
func (d *Drafts) load(c app.ContactID, text string) {
	if !d.typed[c] {
		d.put(c, text)
	}
}

// forget drops the draft for a contact who is gone.
func (d *Drafts) forget(c app.ContactID) {
	delete(d.typed, c)
	delete(d.voices, c)
	d.put(c, "")
}

// Keep stores at once what was typed.
func (d *Drafts) Keep() {
	d.rest.stop()
	for c := range d.typed {
		if d.busy {
			return // Keep is called again when that is done
		}
		d.busy = true
		delete(d.typed, c)
		text := d.texts[c]
		act(d.work, func(ctx context.Context) error {
			return d.m.SetDraft(ctx, c, text)
		}, func(error) { // what could not be kept stays in memory; the next key tries again
			d.busy = false
			d.Keep()
		})
	}
}

func (d *Drafts) put(c app.ContactID, text string) (changed bool) {
	if d.texts[c] == text {
		return false
	}
	if text == "" {
		delete(d.texts, c)
	} else {
		d.texts[c] = text
	}
	for _, f := range d.notify {
		f(c)
	}
	return true
}
