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
	a        *Add
	s        *Scanner
	sentence func(error) string

	sight  *widget.Sight
	says   *widget.Label
	toggle *widget.Button
	other  *widget.Button
}

func newScanning(a *Add, sentence func(error) string) *scanning {
	s := a.Scanner
	v := &scanning{a: a, s: s, sentence: sentence, sight: widget.NewSight()}
	v.says = widget.NewLabel("", &theme.Caption, widget.InkSecond)
	v.toggle = widget.NewButton(widget.ButtonSecondary, lang.T("camera.scan"), v.press)
	v.other = widget.NewButton(widget.ButtonText, lang.T("camera.other"), s.Next)
	v.Column = layout.NewColumn(1).
		Add(0, v.sight).
		Add(theme.Space16, v.toggle).
		Add(theme.Space8, v.says).
		AddStart(theme.Space4, v.other)
	s.OnSight = func() {
		v.look()
		v.say()
	}
	return v
}

func (v *scanning) press() {
	if v.s.On {
		v.s.Stop()
		return
	}
	v.a.TheirsErr = nil
	v.s.Start()
}

func (v *scanning) update() {
	s := v.s
	visible(v.sight, s.On)
	v.look()
	v.toggle.SetLabel(lang.T("camera.scan"))
	if s.On {
		v.toggle.SetLabel(lang.T("camera.off"))
	}
	if s.ListErr == nil && s.Chosen != "" || s.On {
		v.toggle.Enable()
	} else {
		v.toggle.Disable()
	}
	v.say()
	visible(v.other, s.On && len(s.List) > 1)
}

func (v *scanning) look() {
	if p := v.s.Sight.Picture; p != nil {
		v.sight.Set(p, v.s.Sight.Marked, v.s.Sight.Corners)
		return
	}
	v.sight.Set(nil, false, v.s.Sight.Corners)
}

// say tells that the camera is on, or why it cannot be.
func (v *scanning) say() {
	s, words := v.s, ""
	switch {
	case s.On && s.Other:
		words = lang.T("camera.no_card")
	case s.On && s.Sight.Picture == nil:
		words = lang.T("camera.starting", "name", text.Shorten(s.Name(), nameLength))
	case s.On:
		words = lang.T("camera.on", "name", text.Shorten(s.Name(), nameLength))
	case s.ListErr != nil:
		words = v.sentence(s.ListErr)
	}
	v.says.SetText(words)
	if visible(v.says, words != ""); v.says.Visible() {
		v.Column.Refresh()
	}
}
