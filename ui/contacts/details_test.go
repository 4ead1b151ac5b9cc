package contacts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tacit/app"
	"tacit/ui/lang"
)

type fake struct {
	t       *testing.T
	aliases []string
	blocked []bool
	removed []app.ContactID
	renewed []app.ContactID
	hidden  []bool
	err     error
	held    []func(context.Context) func()
}

func (f *fake) run(w func(context.Context) func()) { f.held = append(f.held, w) }

func (f *fake) flush() {
	for _, w := range f.held {
		w(f.t.Context())()
	}
	f.held = nil
}

func (f *fake) SetAlias(_ context.Context, _ app.ContactID, a string) error {
	f.aliases = append(f.aliases, a)
	return f.err
}

func (f *fake) SetBlocked(_ context.Context, _ app.ContactID, b bool) error {
	f.blocked = append(f.blocked, b)
	return f.err
}

func (f *fake) RenewSession(_ context.Context, c app.ContactID) error {
	f.renewed = append(f.renewed, c)
	return f.err
}

func (f *fake) SetHideFrom(_ context.Context, c app.ContactID, hide bool) error {
	f.hidden = append(f.hidden, hide)
	return f.err
}

func (f *fake) RemoveContact(_ context.Context, c app.ContactID) error {
	f.removed = append(f.removed, c)
	return f.err
}

func open(t *testing.T) (*Details, *fake) {
	f := &fake{t: t}
	c := app.Contact{ID: 4, Name: "Claire", TheirName: "Claire", SafetyNumber: strings.Repeat("12345", 12)}
	return NewDetails(f, f.run, c, ""), f
}

func TestAlias(t *testing.T) {
	d, f := open(t)
	d.EditAlias("  Clai\u202ere  ")
	if !d.Cleaned || !d.AliasChanged() {
		t.Fatalf("hidden %t, changed %t", d.Cleaned, d.AliasChanged())
	}
	d.SaveAlias()
	d.SaveAlias() // while it is saved
	f.flush()
	if len(f.aliases) != 1 || f.aliases[0] != "Claire" || d.AliasChanged() {
		t.Fatalf("saved %q", f.aliases)
	}
	d.EditAlias("")
	d.SaveAlias()
	f.flush()
	if len(f.aliases) != 2 || f.aliases[1] != "" {
		t.Errorf("an empty name is not taken back: %q", f.aliases)
	}
}

func TestAliasRefused(t *testing.T) {
	d, f := open(t)
	d.EditAlias(strings.Repeat("x", 10000))
	d.SaveAlias()
	if !errors.Is(d.AliasErr, app.ErrNameTooLong) || len(f.held) > 0 {
		t.Fatalf("error %v", d.AliasErr)
	}
	d.EditAlias("Papa")
	f.err = app.ErrDiskFull
	d.SaveAlias()
	f.flush()
	if !errors.Is(d.AliasErr, app.ErrDiskFull) || d.Alias() != "Papa" || d.Busy {
		t.Errorf("error %v, field %q", d.AliasErr, d.Alias())
	}
}

func TestAliasBeingEditedStays(t *testing.T) {
	d, _ := open(t)
	d.EditAlias("Pap")
	d.Event(app.ContactChanged{Contact: app.Contact{ID: 4, Name: "Claire F.", TheirName: "Claire F."}})
	if d.Alias() != "Pap" || d.Contact.TheirName != "Claire F." {
		t.Errorf("field %q, contact %q", d.Alias(), d.Contact.TheirName)
	}
	d.Event(app.ContactChanged{Contact: app.Contact{ID: 5, Name: "Yusuf"}})
	if d.Contact.ID != 4 {
		t.Error("another contact is shown")
	}
}

func TestBlockAsksFirst(t *testing.T) {
	d, f := open(t)
	d.Confirm()
	if len(f.held) > 0 {
		t.Fatal("done without a question")
	}
	d.Ask(AskBlock)
	d.Confirm()
	f.flush()
	if len(f.blocked) != 1 || !f.blocked[0] || d.Question != AskNothing || !d.Contact.Blocked {
		t.Fatalf("blocked %v, question %d", f.blocked, d.Question)
	}
	d.Unblock()
	f.flush()
	if len(f.blocked) != 2 || f.blocked[1] || d.Contact.Blocked {
		t.Errorf("blocked %v", f.blocked)
	}
}

func TestRemoveAsksFirst(t *testing.T) {
	d, f := open(t)
	gone := 0
	d.OnRemoved = func() { gone++ }
	d.Ask(AskRemove)
	f.err = app.ErrDiskReadOnly
	d.Confirm()
	f.flush()
	if gone != 0 || !errors.Is(d.Err, app.ErrDiskReadOnly) || d.Question != AskRemove {
		t.Fatalf("gone %d, error %v", gone, d.Err)
	}
	f.err = nil
	d.Confirm()
	f.flush()
	if gone != 1 || len(f.removed) != 2 || f.removed[1] != 4 {
		t.Errorf("gone %d, removed %v", gone, f.removed)
	}
}

func TestGroups(t *testing.T) {
	if g := Groups(strings.Repeat("12345", 12)); len(g) != 12 || g[11] != "12345" {
		t.Errorf("groups %v", g)
	}
	if g := Groups("123"); len(g) != 0 {
		t.Errorf("groups %v", g)
	}
}

func TestRenew(t *testing.T) {
	d, f := open(t)
	d.Renew()
	if f.flush(); len(f.renewed) != 0 || d.MayRenew() {
		t.Fatalf("somebody unverified: %v", f.renewed)
	}
	d.Contact.Trust = app.Verified
	d.Renew()
	d.Renew() // while it is asked for
	if f.flush(); len(f.renewed) != 1 || d.Renewal != Renewing {
		t.Fatalf("asked %d times, %d", len(f.renewed), d.Renewal)
	}
	d.Event(app.SessionRenewed{Contact: 5})
	if d.Renewal != Renewing {
		t.Error("another contact's keys count")
	}
	d.Event(app.SessionRenewed{Contact: 4})
	if d.Renewal != Renewed {
		t.Errorf("the end shows as %d", d.Renewal)
	}
	d.Renew() // the end is told before the answer
	d.Event(app.SessionRenewed{Contact: 4})
	if f.flush(); d.Renewal != Renewed {
		t.Errorf("a late answer shows as %d", d.Renewal)
	}
}

func TestRenewIsRefusedInWords(t *testing.T) {
	d, f := open(t)
	d.Contact.Trust = app.Proximity
	f.err = fmt.Errorf("renew: %w", app.ErrTooSoon)
	d.Renew()
	f.flush()
	if d.Renewal != RenewedBefore || d.Err != nil {
		t.Errorf("too soon shows as %d, %v", d.Renewal, d.Err)
	}
	if got := renewalWords(d.Renewal, "Claire"); got != lang.T("error.too_soon") {
		t.Errorf("the words are %q", got)
	}
	f.err = app.ErrDiskFull
	d.Renew()
	f.flush()
	if !errors.Is(d.Err, app.ErrDiskFull) || d.Renewal != RenewedBefore {
		t.Errorf("a full disk shows as %d, %v", d.Renewal, d.Err)
	}
}

func TestHideFromOne(t *testing.T) {
	d, f := open(t)
	d.Hide(false)
	d.Hide(true)
	d.Hide(true) // while it is asked for
	if f.flush(); len(f.hidden) != 1 || !f.hidden[0] || !d.Contact.Hide || !d.Hides() {
		t.Fatalf("asked %v, hidden %t", f.hidden, d.Hides())
	}
	f.err = app.ErrDiskFull
	d.Hide(false)
	if f.flush(); !d.Contact.Hide || !errors.Is(d.Err, app.ErrDiskFull) {
		t.Errorf("what was not stored shows: %t, %v", d.Contact.Hide, d.Err)
	}
}

func TestHideFromAllIsNotOnesMatter(t *testing.T) {
	d, f := open(t)
	d.Event(app.PreferencesChanged{Preferences: app.Preferences{HideAddress: true}})
	d.Hide(true)
	if f.flush(); len(f.hidden) != 0 || !d.Hides() || d.MayHide() {
		t.Errorf("asked %v, hides %t", f.hidden, d.Hides())
	}
	d.Event(app.PreferencesChanged{})
	if d.Hides() || !d.MayHide() {
		t.Error("hidden after it was switched off")
	}
}

func TestTheWayIsFollowed(t *testing.T) {
	d, _ := open(t)
	for _, r := range []app.Reach{app.ReachLAN, app.ReachDirect, app.ReachRelay, app.ReachMailbox, app.ReachNo} {
		d.Event(app.PresenceChanged{Contact: 5, Reach: app.ReachLAN})
		d.Event(app.PresenceChanged{Contact: 4, Reach: r})
		if d.Reach != r {
			t.Errorf("shown %q, is %q", d.Reach, r)
		}
		if words := pathWords(r, "Claire"); words == "" || strings.HasPrefix(words, "details.") {
			t.Errorf("%q reads %q", r, words)
		}
	}
}
