package chat

import (
	"fmt"
	"testing"
	"time"

	"tacit/app"
)

// panes is a list as its window would hold it.
type panes struct {
	*List
	*desk
	changes int
}

func openList(t *testing.T) *panes {
	t.Helper()
	p := &panes{desk: newDesk(t)}
	p.List = NewList(p.fake, p.jobs, p.kept)
	p.OnChange = func() { p.changes++ }
	return p
}

func contact(id app.ContactID, name string) app.Contact {
	return app.Contact{ID: id, Name: name, TheirName: name, Trust: app.Verified, Writable: true, MetAt: testStart}
}

func (p *panes) names() []string {
	p.tick(searchDelay)
	var out []string
	for _, r := range p.Rows() {
		switch r.Kind {
		case RowChat:
			out = append(out, r.Chat.Contact.Name)
		case RowPairing:
			out = append(out, "?"+r.Pairing.PeerName)
		case RowHit:
			out = append(out, r.Chat.Contact.Name+": "+r.Hit.Text)
		case RowArchive:
			out = append(out, fmt.Sprintf("archive of %d, %d unread", r.Count, r.Unread))
		case RowBack:
			out = append(out, "back")
		}
	}
	return out
}

func (p *panes) expect(t *testing.T, what string, want ...string) {
	t.Helper()
	got := p.names()
	if len(got) != len(want) {
		t.Errorf("%s: rows %q, want %q", what, got, want)
		return
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: rows %q, want %q", what, got, want)
			return
		}
	}
}

func (p *panes) fill() {
	p.Handle(app.Snapshot{Chats: []app.Chat{
		{Contact: contact(1, "Amina"), ActivityAt: testStart.Add(3 * time.Hour)},
		{Contact: contact(2, "André"), ActivityAt: testStart.Add(2 * time.Hour)},
		{Contact: contact(3, "أمينة"), ActivityAt: testStart.Add(1 * time.Hour)},
	}})
}

func TestListSortsByActivity(t *testing.T) {
	p := openList(t)
	if p.Empty() {
		t.Error("empty before anything is known")
	}
	p.fill()
	p.expect(t, "a snapshot", "Amina", "André", "أمينة")
	p.Handle(app.MessageAdded{Message: app.Message{ID: 5, Contact: 3, Text: "hi", At: testStart.Add(4 * time.Hour)}})
	p.expect(t, "a message", "أمينة", "Amina", "André")
	if c, _ := p.Chat(3); c.Unread != 1 || c.Last.Text != "hi" || p.Unread() != 1 {
		t.Errorf("the chat is %+v", c)
	}
	p.Handle(app.MessageStateChanged{Message: app.Message{ID: 5, Contact: 3, Text: "hi", State: app.StateDelivered}})
	p.Handle(app.ChatRead{Contact: 3})
	if c, _ := p.Chat(3); c.Last.State != app.StateDelivered || c.Unread != 0 {
		t.Errorf("the chat is %+v", c)
	}
	p.Handle(app.MessageAdded{Message: app.Message{ID: 4, Contact: 3, Text: "late", At: testStart}})
	if c, _ := p.Chat(3); c.Last.Text != "hi" {
		t.Error("an older message is the last one")
	}
	p.Handle(app.ContactRemoved{Contact: 3})
	p.Handle(app.ContactAdded{Contact: contact(9, "Yusuf")})
	p.Handle(app.PresenceChanged{Contact: 9, Reach: app.ReachLAN})
	p.expect(t, "a new contact", "Amina", "André", "Yusuf")
	if c, _ := p.Chat(9); c.Reach != app.ReachLAN {
		t.Error("presence was not taken")
	}
}

// TestListAndNotices: renewed keys are no message. The row shows them only where nothing
// was said, and stays where it is.
func TestListAndNotices(t *testing.T) {
	p := openList(t)
	p.fill()
	renewed := func(id app.MessageID, c app.ContactID) app.Event {
		return app.MessageAdded{Message: app.Message{ID: id, Contact: c, Notice: app.NoticeRenewed, At: testStart.Add(9 * time.Hour)}}
	}
	p.Handle(renewed(4, 3))
	p.expect(t, "a notice", "Amina", "André", "أمينة")
	if c, _ := p.Chat(3); c.Last == nil || c.Last.Notice != app.NoticeRenewed || c.Unread != 0 {
		t.Errorf("a chat of a notice is %+v", c)
	}
	p.Handle(app.MessageAdded{Message: app.Message{ID: 5, Contact: 3, Text: "hi", At: testStart.Add(2 * time.Hour).Add(time.Minute)}})
	p.Handle(renewed(6, 3))
	p.expect(t, "a notice after a message", "Amina", "أمينة", "André")
	if c, _ := p.Chat(3); c.Last.Text != "hi" || c.Unread != 1 {
		t.Errorf("the chat is %+v", c)
	}
}

func TestListEmpty(t *testing.T) {
	p := openList(t)
	p.Handle(app.Snapshot{})
	if !p.Empty() {
		t.Error("nobody, and not Empty")
	}
	p.Handle(app.PairingChanged{Pairing: app.Pairing{ID: "x", Phase: app.PhaseCodes, PeerName: "Claire"}})
	if p.Empty() {
		t.Error("Empty with a meeting under way")
	}
}

func TestListUnfinishedPairings(t *testing.T) {
	p := openList(t)
	p.fill()
	pairing := app.Pairing{ID: "x", Phase: app.PhaseOffered}
	p.Handle(app.PairingChanged{Pairing: pairing})
	p.expect(t, "nobody answered", "Amina", "André", "أمينة")
	pairing.Phase, pairing.PeerName = app.PhaseCodes, "Claire"
	p.Handle(app.PairingChanged{Pairing: pairing})
	p.expect(t, "codes to type", "?Claire", "Amina", "André", "أمينة")
	pairing.Phase, pairing.Contact = app.PhaseChecked, 4
	p.Handle(app.ContactAdded{Contact: contact(4, "Claire")})
	p.Handle(app.PairingChanged{Pairing: pairing})
	p.expect(t, "a contact now", "Amina", "André", "أمينة", "Claire")
	for _, phase := range []app.PairingPhase{app.PhaseDone, app.PhaseFailed} {
		p.Handle(app.PairingChanged{Pairing: app.Pairing{ID: "y", Phase: app.PhaseCodes, PeerName: "Zoé"}})
		p.Handle(app.PairingChanged{Pairing: app.Pairing{ID: "y", Phase: phase, PeerName: "Zoé"}})
		p.expect(t, string(phase), "Amina", "André", "أمينة", "Claire")
	}
}

func TestListSearch(t *testing.T) {
	p := openList(t)
	p.fill()
	p.fake.add(1, false, "the contract")
	p.fake.add(2, true, "which contract?")
	p.fake.add(77, true, "contract of a contact who is gone")
	p.Search(" andre ")
	p.expect(t, "a name without its accent", "André")
	p.Search("AM")
	p.expect(t, "another case", "Amina")
	p.Search("contract")
	p.expect(t, "messages", "André: which contract?", "Amina: the contract")
	p.Search("nothing like it")
	p.expect(t, "no hit")
	if p.Empty() {
		t.Error("Empty because nothing was found")
	}
	p.Search("contract")
	p.Search("Amina") // overtakes
	p.expect(t, "an overtaken search", "Amina")
	p.Search("")
	p.expect(t, "no search", "Amina", "André", "أمينة")
}

func TestListDrafts(t *testing.T) {
	p := openList(t)
	p.fill()
	p.kept.Set(2, "unfinished")
	p.settle()
	if r := p.Rows()[1]; r.Draft != "unfinished" {
		t.Errorf("the draft is %q", r.Draft)
	}
	p.Select(2)
	if r := p.Rows()[1]; r.Draft != "" || p.Selected() != 2 {
		t.Error("the open chat shows its draft in the list")
	}
	p.Handle(app.ContactRemoved{Contact: 2})
	if p.Selected() != 0 || p.kept.Get(2) != "" {
		t.Error("a contact who is gone leaves traces")
	}
}

func TestListCoalesces(t *testing.T) {
	p := openList(t)
	p.fill()
	p.settle()
	p.changes = 0
	for i := range 300 {
		p.Handle(app.MessageAdded{Message: app.Message{ID: app.MessageID(i + 1), Contact: 1, At: testStart}})
	}
	p.settle()
	if p.changes != 1 {
		t.Errorf("300 messages were shown in %d steps", p.changes)
	}
}

func TestListSaysThatTheProfileIsOld(t *testing.T) {
	p, v := viewList(t)
	p.Handle(app.Snapshot{Profile: app.Profile{Name: "Amina"}})
	p.settle()
	if v.old.Visible() {
		t.Error("the warning stands without a reason")
	}
	p.Handle(app.Snapshot{Profile: app.Profile{Name: "Amina", RolledBack: true}})
	p.settle()
	if !v.old.Visible() || v.old.Size().Height == 0 {
		t.Errorf("the warning is not shown: visible %t, %v", v.old.Visible(), v.old.Size())
	}
}
