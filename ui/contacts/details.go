package contacts

import (
	"context"
	"errors"
	"strings"

	"tacit/app"
)

// Question is what the pane asks before it does something.
type Question int

const (
	AskNothing Question = iota
	AskBlock
	AskRemove
)

// Renewal is what became of the wish for new keys.
type Renewal int

const (
	NotRenewed Renewal = iota
	Renewing           // asked for; it waits for the other side
	Renewed
	RenewedBefore // within the last hour: refused
)

// Details is one contact in the pane.
//
// Owner of every field: the window's goroutine.
type Details struct {
	OnChange  func() // something that is shown has changed
	OnRemoved func() // the contact is gone

	Contact  app.Contact
	Other    string // name of who introduced them
	Reach    app.Reach
	Hidden   bool // the address is hidden from all contacts
	Question Question
	Renewal  Renewal
	AliasErr error // why the name on this computer was not taken
	Cleaned  bool  // it had hidden characters, which will be removed
	Err      error // why something else failed
	Busy     bool

	alias string
	m     Messenger
	run   Run
}

// NewDetails returns the pane of a contact. other names who introduced them.
func NewDetails(m Messenger, run Run, c app.Contact, other string) *Details {
	return &Details{
		OnChange: func() {}, OnRemoved: func() {},
		Contact: c, Other: other, Reach: app.ReachNo, alias: c.Alias, m: m, run: run,
	}
}

// Event takes what the messenger told.
func (d *Details) Event(e app.Event) {
	switch e := e.(type) {
	case app.ContactChanged:
		if e.Contact.ID == d.Contact.ID {
			d.update(e.Contact)
		}
	case app.PresenceChanged:
		if e.Contact == d.Contact.ID {
			d.Reach = e.Reach
			d.OnChange()
		}
	case app.PreferencesChanged:
		d.Hidden = e.Preferences.HideAddress
		d.OnChange()
	case app.SessionRenewed:
		if e.Contact == d.Contact.ID {
			d.Renewal = Renewed
			d.OnChange()
		}
	case app.ContactRemoved:
		if e.Contact == d.Contact.ID {
			d.OnRemoved()
		}
	case app.Snapshot:
		for _, chat := range e.Chats {
			if chat.Contact.ID == d.Contact.ID {
				d.Reach, d.Hidden = chat.Reach, e.Preferences.HideAddress
				d.update(chat.Contact)
			}
		}
	}
}

func (d *Details) update(c app.Contact) {
	if d.alias == d.Contact.Alias { // not being edited
		d.alias = c.Alias
	}
	d.Contact = c
	d.OnChange()
}

// Alias is what stands in the field "name on this computer".
func (d *Details) Alias() string { return d.alias }

// EditAlias takes what is typed there.
func (d *Details) EditAlias(name string) {
	if name == d.alias {
		return
	}
	d.alias = name
	d.AliasErr = nil
	_, d.Cleaned, _ = app.CleanName(name)
	d.OnChange()
}

// AliasChanged reports whether there is something to save.
func (d *Details) AliasChanged() bool {
	return strings.TrimSpace(d.alias) != d.Contact.Alias && !d.Busy
}

// SaveAlias stores the name; an empty one brings back the name they chose.
func (d *Details) SaveAlias() {
	if !d.AliasChanged() {
		return
	}
	clean := ""
	if strings.TrimSpace(d.alias) != "" {
		var err error
		if clean, _, err = app.CleanName(d.alias); err != nil {
			d.AliasErr = err
			d.OnChange()
			return
		}
	}
	d.do(func(ctx context.Context) error { return d.m.SetAlias(ctx, d.Contact.ID, clean) }, func(err error) {
		if d.AliasErr = err; err == nil {
			d.alias, d.Cleaned = clean, false
			d.Contact.Alias = clean
		}
	})
}

// Ask opens a question, or with AskNothing closes it.
func (d *Details) Ask(q Question) {
	if d.Busy || q == d.Question {
		return
	}
	d.Question, d.Err = q, nil
	d.OnChange()
}

// Confirm does what was asked about.
func (d *Details) Confirm() {
	id := d.Contact.ID
	switch d.Question {
	case AskBlock:
		d.block(true)
	case AskRemove:
		d.do(func(ctx context.Context) error { return d.m.RemoveContact(ctx, id) }, func(err error) {
			if d.Err = err; err == nil {
				d.Question = AskNothing
				d.OnRemoved()
			}
		})
	}
}

// MayRenew reports whether there are keys to renew with the contact.
func (d *Details) MayRenew() bool { return d.Contact.Trust >= app.Introduced && !d.Contact.Blocked }

// Renew asks for new keys. It needs no question either.
func (d *Details) Renew() {
	if d.Busy || !d.MayRenew() {
		return
	}
	before := d.Renewal
	d.Renewal = Renewing // before the answer: the end may be told first
	id := d.Contact.ID
	d.do(func(ctx context.Context) error { return d.m.RenewSession(ctx, id) }, func(err error) {
		switch d.Err = err; {
		case errors.Is(err, app.ErrTooSoon):
			d.Renewal, d.Err = RenewedBefore, nil
		case err != nil:
			d.Renewal = before
		}
	})
}

// Hides reports whether the contact learns no address of this computer.
func (d *Details) Hides() bool { return d.Hidden || d.Contact.Hide }

// MayHide reports whether that is this contact's own matter.
func (d *Details) MayHide() bool { return !d.Hidden && !d.Busy }

// Hide says whether the contact may learn an address of this computer.
func (d *Details) Hide(on bool) {
	if !d.MayHide() || on == d.Contact.Hide {
		return
	}
	id := d.Contact.ID
	d.do(func(ctx context.Context) error { return d.m.SetHideFrom(ctx, id, on) }, func(err error) {
		if d.Err = err; err == nil {
			d.Contact.Hide = on
		}
	})
}

// Unblock needs no question: nothing is lost by it.
func (d *Details) Unblock() { d.block(false) }

func (d *Details) block(blocked bool) {
	id := d.Contact.ID
	d.do(func(ctx context.Context) error { return d.m.SetBlocked(ctx, id, blocked) }, func(err error) {
		if d.Err = err; err == nil {
			d.Question = AskNothing
			d.Contact.Blocked = blocked
		}
	})
}

func (d *Details) do(call func(context.Context) error, done func(error)) {
	if d.Busy {
		return
	}
	d.Busy = true
	d.OnChange()
	d.run(func(ctx context.Context) func() {
		err := call(ctx)
		return func() {
			d.Busy = false
			done(err)
			d.OnChange()
		}
	})
}

// Groups cuts a safety number into its twelve groups of five digits.
func Groups(safety string) []string {
	var groups []string
	for ; len(safety) >= 5; safety = safety[5:] {
		groups = append(groups, safety[:5])
	}
	return groups
}
