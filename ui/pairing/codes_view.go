package pairing

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// codes is where the two codes are read and typed.
type codes struct {
	*layout.Column
	a        *Add
	sentence func(error) string

	text    *widget.Label
	alike   *widget.Note
	ask     *layout.Column // is this person standing before you?
	asked   *widget.Label
	read    *widget.Label
	show    *widget.CodeView
	waiting *widget.Label
	typing  *widget.Label
	input   *widget.CodeInput
	problem *problem
	stop    *widget.Button
	confirm *widget.Button
}

func newCodes(a *Add, act Actions) *codes {
	c := &codes{a: a, sentence: act.Sentence, problem: newProblem()}
	c.text = widget.NewLabel("", &theme.UI, widget.InkSecond)
	c.alike = widget.NewWarning("")
	c.asked = widget.NewLabel("", &theme.UIBold, widget.InkMain)
	yes := widget.NewButton(widget.ButtonSecondary, lang.T("codes.attest_yes"), func() { a.Attest(true) })
	no := widget.NewButton(widget.ButtonSecondary, lang.T("codes.attest_no"), func() { a.Attest(false) })
	c.ask = layout.NewColumn(1).Add(0, c.asked).Add(theme.Space8, layout.NewRow().AddGrow(0, yes).AddGrow(theme.Space16, no))
	c.read = widget.NewLabel("", &theme.UIBold, widget.InkMain)
	c.show = widget.NewCodeView()
	c.waiting = line(lang.T("codes.waiting_code"), &theme.Caption, widget.InkSecond)
	c.typing = widget.NewLabel("", &theme.UIBold, widget.InkMain)
	c.input = widget.NewCodeInput()
	c.input.OnChanged = a.SetCode
	c.input.OnSubmitted = a.Confirm
	c.stop = widget.NewButton(widget.ButtonSecondary, lang.T("codes.stop"), a.Stop)
	c.confirm = widget.NewButton(widget.ButtonPrimary, lang.T("codes.confirm"), a.Confirm)
	c.input.OnComplete = func() {
		if act.Focus != nil && !c.confirm.Disabled() {
			act.Focus(c.confirm)
		}
	}
	c.Column = layout.NewColumn(1).
		Add(0, c.text).
		Add(theme.Space12, c.alike).
		Add(theme.Space16, c.ask).
		Add(theme.Space20, step("1", c.read)).
		Add(theme.Space8, c.show).
		Add(theme.Space4, c.waiting).
		Add(theme.Space20, step("2", c.typing)).
		Add(theme.Space8, c.input).
		Add(theme.Space16, widget.NewLabel(lang.T("codes.once"), &theme.UI, widget.InkSecond)).
		Add(theme.Space12, c.problem.Row).
		Add(theme.Space24, layout.NewRow().AddGrow(0, c.stop).AddGrow(theme.Space16, c.confirm))
	return c
}

// step is a numbered heading.
func step(number string, heading *widget.Label) *layout.Row {
	return layout.NewRow().Add(0, line(number, &theme.UIBold, widget.InkMain)).AddGrow(theme.Space12, heading).AlignTop()
}

func (c *codes) object() *layout.Column { return c.Column }
func (c *codes) shows(s Step) bool      { return s == StepCodes }
func (c *codes) first() fyne.Focusable  { return c.input }

func (c *codes) update() {
	a := c.a
	name := who(a)
	c.text.SetText(lang.T("codes.text", "name", name))
	c.read.SetText(lang.T("codes.read", "name", name))
	c.typing.SetText(lang.T("codes.type", "name", name))
	if name == "" {
		c.text.SetText(lang.T("codes.text_unnamed"))
		c.read.SetText(lang.T("codes.read_unnamed"))
		c.typing.SetText(lang.T("codes.type_unnamed"))
	}
	visible(c.alike, a.Pairing.LooksLike != "")
	c.alike.SetText(lang.T("codes.look_alike", "name", a.Pairing.LooksLike))
	visible(c.ask, a.Asking)
	c.asked.SetText(lang.T("codes.attest", "name", name))
	c.show.SetCode(a.Pairing.Show)
	visible(c.waiting, a.Pairing.Show == "")
	if a.Code == "" && c.input.Code() != "" {
		c.input.Clear()
	}
	if a.Busy {
		c.input.Disable()
	} else {
		c.input.Enable()
	}
	c.problem.set(c.sentence(a.Err))
	c.confirm.SetBusy(a.Busy)
	if a.MayConfirm() || a.Busy {
		c.confirm.Enable()
	} else {
		c.confirm.Disable()
	}
}
