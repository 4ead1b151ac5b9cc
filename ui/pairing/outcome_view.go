package pairing

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// outcome is how a pairing ended, or that this side is done with its part.
type outcome struct {
	*layout.Column
	a        *Add
	act      Actions
	sentence func(error) string

	emblem  *widget.Emblem
	text    *widget.Label
	read    *widget.Label    // over show
	show    *widget.CodeView // the own code: the other side may still have to type it
	meaning *widget.Note
	primary *widget.Button
	what    *widget.Button
}

func newOutcome(a *Add, act Actions) *outcome {
	o := &outcome{a: a, act: act, sentence: act.Sentence}
	o.emblem = widget.NewEmblem(theme.IconCheck, theme.IconEmpty, widget.InkSuccess).Flush()
	o.text = widget.NewLabel("", &theme.Body, widget.InkMain)
	o.read = widget.NewLabel("", &theme.UIBold, widget.InkMain)
	o.show = widget.NewCodeView()
	o.meaning = widget.NewNote(lang.T("mismatch.meaning"))
	o.meaning.Hide()
	o.primary = widget.NewButton(widget.ButtonPrimary, "", o.press)
	o.what = widget.NewButton(widget.ButtonText, lang.T("mismatch.what"), func() {
		visible(o.meaning, !o.meaning.Visible())
		o.Column.Refresh()
	})
	o.Column = layout.NewColumn(1).
		AddStart(theme.Space16, o.emblem).
		Add(theme.Space16, o.text).
		Add(theme.Space20, o.read).
		Add(theme.Space8, o.show).
		Add(theme.Space16, o.meaning).
		Add(theme.Space24, o.primary).
		AddStart(theme.Space8, o.what)
	return o
}

func (o *outcome) object() *layout.Column { return o.Column }
func (o *outcome) shows(s Step) bool      { return s >= StepChecked }
func (o *outcome) first() fyne.Focusable  { return o.primary }

func (o *outcome) press() {
	switch o.a.Step {
	case StepDone:
		o.act.Chat(o.a.Pairing.Contact)
	case StepChecked:
		o.act.Close()
	default:
		o.a.Again()
	}
}

func (o *outcome) update() {
	a, name := o.a, who(o.a)
	visible(o.what, a.Step == StepMismatch)
	if a.Step != StepMismatch {
		visible(o.meaning, false)
	}
	read := a.Step == StepChecked && a.Pairing.Show != ""
	visible(o.read, read)
	visible(o.show, read)
	o.show.SetCode(a.Pairing.Show)
	o.read.SetText(lang.T("codes.read", "name", name))
	icon, ink := theme.IconFailed, widget.InkDanger
	label := lang.T("mismatch.new_card")
	switch a.Step {
	case StepChecked:
		icon, ink = theme.IconQueued, widget.InkThird
		o.text.SetText(lang.T("codes.waiting", "name", name))
		if a.ByCamera {
			o.text.SetText(lang.T("codes.scanned", "name", name))
		}
		label = lang.T("codes.later")
	case StepDone:
		icon, ink = theme.IconCheck, widget.InkSuccess
		if a.Attested {
			o.text.SetText(lang.T("codes.done_met", "name", name))
		} else {
			o.text.SetText(lang.T("codes.done", "name", name))
		}
		label = lang.T("codes.open_chat", "name", name)
	case StepMismatch:
		o.text.SetText(lang.T("mismatch.text", "name", name))
	default:
		o.text.SetText(o.sentence(a.Err))
	}
	o.emblem.Set(icon, ink)
	o.primary.SetLabel(label)
}
