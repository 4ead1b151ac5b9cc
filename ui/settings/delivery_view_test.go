package settings

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
)

func deliveryView(t *testing.T, chosen app.Preferences) (*DeliveryView, *Delivery, *Privacy) {
	t.Helper()
	test.NewTempApp(t)
	d, _, k := twoMailboxes(t)
	p := NewPrivacy(keeper{k}, k.run(t))
	p.Handle(app.PreferencesChanged{Preferences: chosen})
	v := NewDeliveryView(d, p, DeliveryActions{
		Sentence: func(err error) string {
			if err == nil {
				return ""
			}
			return "sentence of " + err.Error()
		},
		Name: func(id app.ContactID) string { return map[app.ContactID]string{7: "Claire"}[id] },
		Add:  func() {}, Ask: func(fyne.CanvasObject) {},
	})
	d.OnChange, p.OnChange = v.Update, v.Update
	return v, d, p
}

func TestDeliveryIsEmptyInWords(t *testing.T) {
	v, d, _ := deliveryView(t, app.Preferences{Internet: true})
	if v.empty.Visible() || !v.add.Visible() || !v.defaults.Visible() {
		t.Error("two mailboxes look like none")
	}
	d.Handle(app.NodeRemoved{Node: 2})
	if v.defaults.Visible() {
		t.Error("one mailbox is told to be the default among others")
	}
	d.Handle(app.NodeRemoved{Node: 1})
	if !v.empty.Visible() || v.add.Visible() || len(v.views) != 0 {
		t.Error("no mailbox looks like some")
	}
}

func TestHidingIsWarnedOfWhereItHidesNothing(t *testing.T) {
	v, d, p := deliveryView(t, app.Preferences{Internet: true})
	near := app.Node{ID: 1, Host: "home.example:4001", State: app.NodeGood, SamePlace: true}
	if d.Handle(app.NodeChanged{Node: near}); v.hideNote.Visible() {
		t.Error("warned though nothing is hidden")
	}
	p.Handle(app.PreferencesChanged{Preferences: app.Preferences{Internet: true, HideAddress: true}})
	if !v.hideNote.Visible() {
		t.Error("not warned")
	}
	if !v.hold.Disabled() {
		t.Error("who hides may hold for others, who would learn the address")
	}
	near.SamePlace = false
	if d.Handle(app.NodeChanged{Node: near}); v.hideNote.Visible() {
		t.Error("warned of a mailbox elsewhere")
	}
	d.Handle(app.NodeRemoved{Node: 1})
	d.Handle(app.NodeRemoved{Node: 2})
	if !v.hideNote.Visible() {
		t.Error("not warned that nobody can reach who hides without a mailbox")
	}
}

func TestOffersThatAreTakenGo(t *testing.T) {
	v, d, _ := deliveryView(t, app.Preferences{Internet: true})
	d.Offers = []app.Offer{{Contact: 7, Address: "TACITNODE1:A"}, {Contact: 8, Address: "TACITNODE1:B"}}
	v.Update()
	if !v.offers.Visible() || len(v.offered) != 1 { // of nobody who is a contact: not shown
		t.Fatalf("offered %+v", v.offered)
	}
	d.Handle(app.NodeChanged{Node: app.Node{ID: 3, Address: "TACITNODE1:A", OfferedBy: 7}})
	if v.offers.Visible() || v.offersHead.Visible() {
		t.Error("what was taken is offered")
	}
}

func TestAMailboxShowsItsTrouble(t *testing.T) {
	v, d, _ := deliveryView(t, app.Preferences{Internet: true})
	one := v.views[1]
	if one.refused.Visible() || one.abandon.Visible() || one.first.Visible() || !one.mark.Visible() {
		t.Error("the default mailbox shows what is not so")
	}
	d.Handle(app.NodeChanged{Node: app.Node{ID: 1, State: app.NodeLeaving, Refused: 2}})
	if v.views[1] != one {
		t.Error("the keyboard would lose its place")
	}
	if !one.refused.Visible() || !one.abandon.Visible() || one.remove.Visible() || one.test.Visible() {
		t.Error("one that is being left shows what cannot be")
	}
	if !strings.HasPrefix(lang.Plain(one.refused.Text()), "It was full: 2 messages") {
		t.Errorf("it reads %q", one.refused.Text())
	}
}
