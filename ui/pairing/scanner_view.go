package pairing

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// scanning is the part of the tab with their card that uses a camera: what it sees while
// it is on, and the button that switches it on and off.
type scanning struct {
	*layout.Column
	a   *Add
	act Actions

	sight  *widget.Sight
	says   *widget.Label // that it is on, and what to do
	toggle *widget.Button
	why    *widget.Label // why it cannot be on
	other  *widget.Button
}

func newScanning(a *Add, act Actions) *scanning {
	v := &scanning{a: a, act: act, sight: widget.NewSight()}
	v.says = widget.NewLabel("", &theme.Small, widget.InkSecond)
	v.toggle = widget.NewButton(widget.ButtonSecondary, lang.T("camera.scan"), v.press)
	v.why = widget.NewLabel("", &theme.Caption, widget.InkSecond)
	v.other = widget.NewButton(widget.ButtonText, lang.T("camera.other"), a.Scanner.Next)
	v.Column = layout.NewColumn(1).
		Add(0, v.sight).
		Add(theme.Space12, v.says).
		Add(theme.Space16, v.toggle).
		Add(theme.Space8, v.why).
		AddCentre(theme.Space8, v.other)
	a.Scanner.OnSight = v.sees
	return v
}

func (v *scanning) press() {
	if v.a.Scanner.On {
		v.a.Scanner.Stop()
		return
	}
	v.a.TheirsErr = nil
	v.a.Scanner.Start()
	v.act.Focus(v.toggle) // the field that had the keyboard is hidden
}

func (v *scanning) update() {
	s := v.a.Scanner
	visible(v.sight, s.On)
	visible(v.says, s.On)
	visible(v.other, s.On && len(s.List) > 1)
	v.look()
	v.toggle.SetLabel(lang.T("camera.scan"))
	if s.On {
		v.toggle.SetLabel(lang.T("camera.off"))
	}
	if s.On || s.ListErr == nil && s.Chosen != "" && !v.a.Reading {
		v.toggle.Enable()
	} else {
		v.toggle.Disable()
	}
	v.why.SetText(v.act.Sentence(s.ListErr))
	visible(v.why, s.ListErr != nil && !s.On)
}

// sees is told of the newest picture.
func (v *scanning) sees() {
	before := v.says.Text()
	v.look()
	if v.says.Text() != before {
		v.a.OnChange() // it may have another number of lines, and the card another height
	}
}

// look shows the newest picture and says what is read in it.
func (v *scanning) look() {
	s := v.a.Scanner
	name := text.Shorten(s.Name(), nameLength)
	switch {
	case s.Other:
		v.says.SetText(lang.T("camera.no_card"))
	case s.Sight.Picture == nil:
		v.says.SetText(lang.T("camera.starting", "name", name))
	default:
		v.says.SetText(lang.T("camera.on", "name", name))
	}
	if s.Sight.Picture == nil {
		v.sight.Set(nil, false, s.Sight.Corners)
		return
	}
	v.sight.Set(s.Sight.Picture, s.Sight.Marked, s.Sight.Corners)
}
