package contacts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

const (
	monogramSize float32 = 64

	// nameLength is where a name inside a sentence is cut, in graphemes.
	nameLength = 40
)

// Actions are what the pane asks of the window.
type Actions struct {
	Sentence func(error) string      // puts errors into words
	Copy     func(text string)       // puts text into the clipboard
	Close    func()                  // the pane is done with
	Ask      func(fyne.CanvasObject) // shows a card over the window; nil takes it away
}

// View shows Details as a pane.
type View struct {
	Pane fyne.CanvasObject

	d   *Details
	act Actions

	monogram  *widget.Monogram
	name      *widget.Label
	dots      *widget.Dots
	trust     *widget.Label
	why       *widget.Label
	alike     *widget.Note
	met       *widget.Label
	number    *widget.SafetyNumber
	qr        *widget.QRView
	compare   *widget.Label
	path      *widget.Label
	hide      *widget.Switch
	session   *widget.Label // heading
	renewal   *widget.Label
	renew     *widget.Button
	alias     *widget.Field
	save      *widget.Button
	theirs    *widget.Label
	block     *widget.Button
	failed    *widget.Label
	column    *layout.Column
	question  *confirm
	asked     Question
	shownCode string
}

// NewView returns the pane of d. It takes over d.OnChange.
func NewView(d *Details, act Actions) *View {
	v := &View{d: d, act: act}
	v.build()
	v.question = newConfirm(d)
	d.OnChange = v.Update
	v.Update()
	return v
}

func (v *View) build() {
	d := v.d
	v.monogram = widget.NewMonogram(d.Contact.Name, monogramSize)
	v.name = widget.NewLabel("", &theme.Title, widget.InkMain)
	v.name.SetAlign(text.AlignStart)
	v.name.SetMaxLines(3)
	v.dots = widget.NewDots(0, theme.DotDetails)
	v.trust = line("", &theme.UI, widget.InkSecond)
	v.why = widget.NewLabel("", &theme.Small, widget.InkSecond)
	v.alike = widget.NewWarning("")
	v.met = widget.NewLabel("", &theme.UI, widget.InkMain)
	v.number = widget.NewSafetyNumber()
	v.qr = widget.NewQRView()
	v.compare = widget.NewLabel("", &theme.Caption, widget.InkSecond)
	v.path = widget.NewLabel("", &theme.UI, widget.InkMain)
	v.hide = widget.NewSwitch("", "", d.Hide)
	v.session = heading(lang.T("details.session"))
	v.renewal = widget.NewLabel("", &theme.Small, widget.InkSecond)
	v.renew = widget.NewButton(widget.ButtonText, lang.T("details.renew"), d.Renew)
	v.alias = widget.NewField(lang.T("details.name"), "")
	v.alias.OnChanged = d.EditAlias
	v.alias.OnSubmit = func(string) { d.SaveAlias() }
	v.save = widget.NewButton(widget.ButtonText, lang.T("details.save"), d.SaveAlias)
	v.theirs = widget.NewLabel("", &theme.Caption, widget.InkSecond)
	v.block = widget.NewButton(widget.ButtonDangerText, "", v.pressBlock)
	remove := widget.NewButton(widget.ButtonDangerText, lang.T("details.remove"), func() { d.Ask(AskRemove) })
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	copyNumber := widget.NewIconButton(theme.IconCopy, lang.T("word.copy"), func() { v.act.Copy(spaced(d.Contact.SafetyNumber)) })

	v.column = layout.NewColumn(1).
		AddStart(0, v.monogram).
		Add(theme.Space16, v.name).
		Add(theme.Space4, layout.NewRow().Add(0, v.dots).AddGrow(theme.Space8, v.trust)).
		Add(theme.Space8, v.why).
		Add(theme.Space16, v.alike).
		Add(theme.Space24, heading(lang.T("details.how_met"))).
		Add(theme.Space4, v.met).
		Add(theme.Space24, heading(lang.T("details.path"))).
		Add(theme.Space4, v.path).
		Add(theme.Space16, v.hide).
		Add(theme.Space24, layout.NewRow().AddGrow(0, heading(lang.T("details.safety"))).Add(theme.Space8, copyNumber).Outset(theme.Space4)).
		Add(theme.Space4, v.number).
		AddStart(theme.Space12, v.qr).
		Add(theme.Space8, v.compare).
		Add(theme.Space24, v.session).
		Add(theme.Space4, v.renewal).
		AddStart(theme.Space2, v.renew).
		Add(theme.Space24, v.alias).
		Add(theme.Space2, v.theirs).
		AddStart(theme.Space2, v.save).
		Add(theme.Space16, newRule()).
		AddStart(theme.Space12, v.block).
		AddStart(0, remove).
		Add(theme.Space8, v.failed)

	title := line(lang.T("details.title"), &theme.Heading, widget.InkMain)
	closer := widget.NewIconButton(theme.IconClose, lang.T("word.close"), v.act.Close)
	head := layout.NewRow().AddGrow(0, title).Add(theme.Space8, closer)
	body := widget.NewScrollBox(container.New(padded{v.column}, v.column))
	p := pane{head: head, rule: newRule(), body: body}
	v.Pane = container.New(p, p.rule, head, body)
}

func (v *View) pressBlock() {
	if v.d.Contact.Blocked {
		v.d.Unblock()
	} else {
		v.d.Ask(AskBlock)
	}
}

// Update brings what is seen in line with the model.
func (v *View) Update() {
	d, c := v.d, v.d.Contact
	short := text.Shorten(c.Name, nameLength)
	v.monogram.SetName(c.Name)
	v.name.SetText(c.Name)
	v.dots.SetLevel(int(c.Trust))
	word, why := trustWords(c.Trust, d.Other)
	v.trust.SetText(word)
	v.why.SetText(why)
	v.alike.SetText(lang.T("details.look_alike", "name", text.Shorten(c.LooksLike, nameLength)))
	visible(v.alike, c.LooksLike != "")
	v.met.SetText(meetingWords(c, d.Other))
	v.number.SetNumber(c.SafetyNumber)
	if v.shownCode != c.SafetyNumber {
		v.shownCode = c.SafetyNumber
		if err := v.qr.SetText(c.SafetyNumber); err != nil {
			d.Err = err
		}
	}
	v.compare.SetText(lang.T("details.safety_text", "name", short))
	v.path.SetText(pathWords(d.Reach, short))
	v.showHide(short)
	v.renewal.SetText(renewalWords(d.Renewal, short))
	for _, o := range []fyne.CanvasObject{v.session, v.renewal, v.renew} {
		visible(o, d.MayRenew())
	}
	if v.alias.Text() != d.Alias() {
		v.alias.SetText(d.Alias())
	}
	v.alias.SetError(v.act.Sentence(d.AliasErr))
	hint := ""
	if d.Cleaned {
		hint = lang.T("error.name_hidden")
	}
	v.alias.SetHint(hint)
	visible(v.save, d.AliasChanged())
	v.theirs.SetText(lang.T("details.their_name", "name", text.Shorten(c.TheirName, nameLength)))
	v.block.SetLabel(lang.T("details.block"))
	if c.Blocked {
		v.block.SetLabel(lang.T("details.unblock"))
	}
	v.failed.SetText(v.act.Sentence(d.Err))
	visible(v.failed, d.Err != nil && d.Question == AskNothing)
	v.column.Refresh()
	v.ask()
}

// showHide shows whether the address is hidden from the contact, and who decides.
func (v *View) showHide(name string) {
	v.hide.SetLabel(lang.T("details.hide", "name", name))
	v.hide.SetText(lang.T("details.hide_why"))
	if v.d.Hidden {
		v.hide.SetText(lang.T("details.hide_all"))
	}
	v.hide.Set(v.d.Hides())
	if v.d.MayHide() {
		v.hide.Enable()
	} else {
		v.hide.Disable()
	}
}

// ask shows or takes away the card with the question.
func (v *View) ask() {
	v.question.update(v.act.Sentence)
	if v.asked == v.d.Question || v.act.Ask == nil {
		return
	}
	v.asked = v.d.Question
	if v.asked == AskNothing {
		v.act.Ask(nil)
	} else {
		v.act.Ask(v.question.column)
	}
}

// trustWords are the word for a level and what it means.
func trustWords(t app.Trust, other string) (word, why string) {
	other = text.Shorten(other, nameLength)
	switch t {
	case app.Introduced:
		return lang.T("trust.introduced", "other", other), lang.T("trust.introduced_why", "other", other)
	case app.Proximity:
		return lang.T("trust.met"), lang.T("trust.met_why")
	case app.Verified:
		return lang.T("trust.verified"), lang.T("trust.verified_why")
	}
	return lang.T("trust.unverified"), lang.T("trust.unverified_why")
}

func meetingWords(c app.Contact, other string) string {
	date := lang.Date(c.MetAt)
	switch c.Meeting {
	case app.MetByCodes:
		return lang.T("details.codes", "date", date)
	case app.MetByCamera:
		return lang.T("details.camera", "date", date)
	case app.MetInPerson:
		return lang.T("details.person", "date", date)
	case app.MetByReferral:
		return lang.T("details.referral", "other", text.Shorten(other, nameLength), "date", date)
	}
	return lang.T("details.none")
}

// pathWords say which way messages with a contact take now.
func pathWords(r app.Reach, name string) string {
	switch r {
	case app.ReachLAN, app.ReachDirect, app.ReachMailbox, app.ReachNo:
		return lang.T("details.path_"+string(r), "name", name)
	}
	return lang.T("details.path_relay")
}

// renewalWords say what renewing does, or what became of it.
func renewalWords(r Renewal, name string) string {
	switch r {
	case Renewing:
		return lang.T("details.renewing", "name", name)
	case Renewed:
		return lang.T("details.renewed", "name", name)
	case RenewedBefore:
		return lang.T("error.too_soon")
	}
	return lang.T("details.renew_text", "name", name)
}

// spaced is a safety number as people write it.
func spaced(safety string) string {
	out := ""
	for i, g := range Groups(safety) {
		if i > 0 {
			out += " "
		}
		out += g
	}
	return out
}

func heading(s string) *widget.Label { return line(s, &theme.SmallBold, widget.InkMain) }

func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}

func visible(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
