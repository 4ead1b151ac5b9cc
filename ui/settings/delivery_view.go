package settings

import (
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// DeliveryActions are what the section asks of the window.
type DeliveryActions struct {
	Sentence func(error) string           // puts errors into words
	Name     func(app.ContactID) string   // of a contact; empty for nobody
	Add      func()                       // asks for the address of a node
	Ask      func(card fyne.CanvasObject) // shows a question over the window; nil takes it away
}

// DeliveryView is the section about mailboxes and the ways out of this computer.
type DeliveryView struct {
	Content *layout.Column

	d       *Delivery
	privacy *Privacy
	act     DeliveryActions
	proxy   *proxyPart

	empty     *widget.EmptyState
	head      *widget.Label
	defaults  *widget.Label
	mailboxes *layout.Column
	views     map[app.NodeID]*mailboxView
	listed    []app.NodeID
	add       *widget.Button
	failed    *widget.Label

	offersHead *widget.Label
	offers     *layout.Column
	offered    []app.Offer

	switches []choice
	hold     *widget.Switch
	hideNote *widget.Note
	unkept   *widget.Label

	question *leavingCard
	asked    Question
}

// NewDeliveryView returns the section; call Update when one of the models changed.
func NewDeliveryView(d *Delivery, p *Privacy, act DeliveryActions) *DeliveryView {
	v := &DeliveryView{d: d, privacy: p, act: act, mailboxes: column(), offers: column(), views: map[app.NodeID]*mailboxView{}}
	v.empty = widget.NewEmptyState(theme.IconHeld, lang.T("delivery.empty_title"), lang.T("delivery.empty_text"),
		widget.NewButton(widget.ButtonPrimary, lang.T("delivery.add"), act.Add))
	v.head = heading(lang.T("delivery.nodes"))
	v.defaults = why(lang.T("delivery.default_why"))
	v.add = widget.NewButton(widget.ButtonSecondary, lang.T("delivery.add"), act.Add)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.offersHead = heading(lang.T("delivery.offers"))
	internet := v.choice(lang.T("delivery.internet"), lang.T("delivery.internet_why"), func(c *app.Preferences) *bool { return &c.Internet })
	hide := v.choice(lang.T("delivery.hide"), lang.T("delivery.hide_why"), func(c *app.Preferences) *bool { return &c.HideAddress })
	v.hold = v.choice(lang.T("delivery.hold"), lang.T("delivery.hold_why"), func(c *app.Preferences) *bool { return &c.Hold })
	v.hideNote = widget.NewWarning("")
	v.proxy = newProxyPart(NewProxy(p), act.Sentence)
	v.unkept = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.question = newLeavingCard(d, act.Sentence)
	v.Content = column().
		Add(theme.Space16, v.empty).
		Add(0, v.head).
		Add(theme.Space4, v.defaults).
		Add(theme.Space16, v.mailboxes).
		AddStart(theme.Space16, v.add).
		Add(theme.Space8, v.failed).
		Add(theme.Space32, v.offersHead).
		Add(theme.Space8, v.offers).
		Add(theme.Space32, heading(lang.T("delivery.ways"))).
		Add(theme.Space12, internet).
		Add(theme.Space20, hide).
		Add(theme.Space12, v.hideNote).
		Add(theme.Space20, v.proxy.content).
		Add(theme.Space32, heading(lang.T("delivery.holding"))).
		Add(theme.Space12, v.hold).
		Add(theme.Space8, v.unkept)
	v.Update()
	return v
}

func (v *DeliveryView) choice(label, sentence string, of func(*app.Preferences) *bool) *widget.Switch {
	s := widget.NewSwitch(label, sentence, func(on bool) { v.privacy.Change(func(c *app.Preferences) { *of(c) = on }) })
	v.switches = append(v.switches, choice{s, of})
	return s
}

// Update brings what is seen in line with the models.
func (v *DeliveryView) Update() {
	some := len(v.d.Nodes) > 0
	visible(v.empty, !some && v.d.Ready)
	visible(v.head, some)
	visible(v.defaults, len(v.d.Nodes) > 1)
	visible(v.mailboxes, some)
	visible(v.add, some)
	v.showMailboxes()
	v.showOffers()
	asks := v.d.Question != AskNothing // then the card says it
	v.failed.SetText(v.act.Sentence(v.d.Err))
	visible(v.failed, v.d.Err != nil && !asks)
	v.showChoices()
	v.Content.Refresh()
	v.ask()
}

// showMailboxes keeps what stands already, so that the keyboard stays where it is.
func (v *DeliveryView) showMailboxes() {
	ids := make([]app.NodeID, len(v.d.Nodes))
	for i, n := range v.d.Nodes {
		ids[i] = n.ID
		if v.views[n.ID] == nil {
			v.views[n.ID] = newMailboxView(v.d, n, v.act.Sentence)
		}
		v.views[n.ID].show(n, v.act.Name(n.OfferedBy), time.Now())
	}
	if slices.Equal(ids, v.listed) {
		v.mailboxes.Refresh()
		return
	}
	v.listed = ids
	v.mailboxes.Clear()
	for _, id := range ids {
		v.mailboxes.Add(theme.Space20, v.views[id])
	}
	for id := range v.views {
		if !slices.Contains(ids, id) {
			delete(v.views, id)
		}
	}
}

func (v *DeliveryView) showOffers() {
	open := slices.DeleteFunc(slices.Clone(v.d.Offers), func(o app.Offer) bool {
		return v.act.Name(o.Contact) == "" || slices.ContainsFunc(v.d.Nodes, func(n app.Node) bool { return n.Address == o.Address })
	})
	visible(v.offersHead, len(open) > 0)
	visible(v.offers, len(open) > 0)
	if slices.Equal(open, v.offered) {
		return
	}
	v.offered = open
	v.offers.Clear()
	for _, o := range open {
		name := text.Shorten(v.act.Name(o.Contact), nameLength)
		v.offers.
			Add(theme.Space16, line(lang.T("delivery.offer", "name", name), &theme.UIBold, widget.InkMain)).
			Add(theme.Space2, why(lang.T("delivery.offer_why"))).
			AddStart(0, widget.NewButton(widget.ButtonText, lang.T("delivery.use"), func() { v.d.Use(o) }))
	}
}

func (v *DeliveryView) showChoices() {
	chosen := v.privacy.Chosen()
	for _, s := range v.switches {
		s.Set(*s.of(&chosen))
		usable(s.Switch, v.privacy.Ready)
	}
	hidden := chosen.HideAddress || chosen.Proxy != "" // those who use this computer would learn where it is
	usable(v.hold, v.privacy.Ready && chosen.Internet && !hidden)
	v.hold.SetText(lang.T("delivery.hold_why"))
	if hidden {
		v.hold.SetText(lang.T("delivery.hold_hidden"))
	}
	note := ""
	near := v.d.SamePlace()
	switch {
	case !chosen.HideAddress:
	case v.d.Ready && len(v.d.Nodes) == 0:
		note = lang.T("delivery.hide_none")
	case len(near) > 0:
		note = lang.T("delivery.hide_same", "host", near[0].Host)
	}
	v.hideNote.SetText(note)
	visible(v.hideNote, note != "")
	v.proxy.update()
	err := v.privacy.Err
	if errors.Is(err, app.ErrProxyAddress) {
		err = nil // told at the field
	}
	v.unkept.SetText(v.act.Sentence(err))
	visible(v.unkept, err != nil)
}

// ask shows or takes away the card with the question.
func (v *DeliveryView) ask() {
	v.question.update()
	if v.asked == v.d.Question {
		return
	}
	v.asked = v.d.Question
	if v.asked == AskNothing {
		v.act.Ask(nil)
	} else {
		v.act.Ask(v.question.column)
	}
}
