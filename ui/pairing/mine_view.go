package pairing

import (
	"fyne.io/fyne/v2"

	"tacit/identity"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// mine is the tab with my card.
type mine struct {
	*layout.Column
	a        *Add
	sentence func(error) string

	qr      *widget.QRView
	ring    *widget.CountdownRing
	renews  *widget.Label
	hint    *widget.Label
	note    *widget.Label
	problem *problem
	said    *widget.Label
	link    *widget.Button
	image   *widget.Button
	shown   string
}

func newMine(a *Add, act Actions) *mine {
	m := &mine{a: a, sentence: act.Sentence, qr: widget.NewQRView(), ring: widget.NewCountdownRing(), problem: newProblem()}
	m.renews = line("", &theme.UIBold, widget.InkMain)
	m.hint = line(lang.T("pairing.hint"), &theme.Caption, widget.InkSecond)
	m.note = widget.NewLabel("", &theme.Small, widget.InkSecond)
	m.said = widget.NewLabel("", &theme.Small, widget.InkSuccess)
	m.said.Hide()
	m.link = widget.NewButton(widget.ButtonSecondary, lang.T("pairing.copy_link"), a.Link)
	m.image = widget.NewButton(widget.ButtonSecondary, lang.T("pairing.save_image"), a.Image)
	lines := layout.NewColumn(1).AddStart(0, m.renews).AddStart(0, m.hint)
	m.Column = layout.NewColumn(1).
		AddCentre(0, m.qr).
		AddCentre(theme.Space16, layout.NewRow().Add(0, m.ring).Add(theme.Space12, lines)).
		Add(theme.Space16, m.note).
		Add(theme.Space8, m.said).
		Add(theme.Space8, m.problem.Row).
		Add(theme.Space20, layout.NewRow().AddGrow(0, m.link).AddGrow(theme.Space16, m.image))
	return m
}

func (m *mine) object() *layout.Column { return m.Column }
func (m *mine) shows(s Step) bool      { return s == StepMine }
func (m *mine) first() fyne.Focusable  { return m.link }

func (m *mine) update() {
	a := m.a
	if m.shown != a.Offer.Card {
		m.shown = a.Offer.Card
		if err := m.qr.SetText(m.shown); err != nil {
			a.MineErr = err
		}
	}
	left := a.Remaining()
	m.ring.Set(left, identity.ScreenCardLife)
	if a.Offer.Card == "" {
		m.renews.SetText(lang.T("pairing.making"))
	} else {
		m.renews.SetText(lang.T("pairing.renews", "time", lang.Countdown(left)))
	}
	m.note.SetText(noteWords(a))
	m.problem.set(m.sentence(a.MineErr))
}

// noteWords say what to do with the card, and where it works.
func noteWords(a *Add) string {
	if !a.LinkUntil.IsZero() {
		note := lang.T("pairing.link_note", "date", lang.DateTime(a.LinkUntil))
		if !a.LinkFar {
			note += " " + lang.T("pairing.link_local")
		}
		return note
	}
	if a.Offer.Internet {
		return lang.T("pairing.text") + " " + lang.T("pairing.internet")
	}
	return lang.T("pairing.text") + " " + lang.T("pairing.local_only")
}

// line is interface text of one line.
func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}

// problem is a sentence on what went wrong, with its triangle.
type problem struct {
	*layout.Row
	sentence *widget.Label
}

func newProblem() *problem {
	p := &problem{sentence: widget.NewLabel("", &theme.Small, widget.InkDanger)}
	p.Row = layout.NewRow().Add(0, widget.NewEmblem(theme.IconFailed, theme.IconAction, widget.InkDanger)).
		AddGrow(theme.Space8, p.sentence)
	p.Hide()
	return p
}

func (p *problem) set(s string) {
	p.sentence.SetText(s)
	visible(p.Row, s != "")
}
