package chat

import "tacit/app"

// Drafts are the texts that were typed and not sent. They live in memory only.
type Drafts struct {
	texts  map[app.ContactID]string
	notify []func(app.ContactID)
}

// NewDrafts returns none.
func NewDrafts() *Drafts { return &Drafts{texts: map[app.ContactID]string{}} }

// Get returns the draft for a contact, or "".
func (d *Drafts) Get(c app.ContactID) string { return d.texts[c] }

// Set replaces a draft; "" removes it.
func (d *Drafts) Set(c app.ContactID, text string) {
	if d.texts[c] == text {
		return
	}
	if text == "" {
		delete(d.texts, c)
	} else {
		d.texts[c] = text
	}
	for _, f := range d.notify {
		f(c)
	}
}
