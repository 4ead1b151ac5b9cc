package pairing

import (
	"strings"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// theirs is the tab that takes their card: with a camera, as a picture or as a link.
type theirs struct {
	*layout.Column
	a        *Add
	sentence func(error) string

	zone    *widget.DropZone
	scan    *scanning
	link    *widget.Field
	paste   *widget.Button
	open    *widget.Button
	ways    *layout.Column // those without a camera
	problem *problem
}

func newTheirs(a *Add, act Actions) *theirs {
	t := &theirs{a: a, sentence: act.Sentence, problem: newProblem()}
	t.zone = widget.NewDropZone(theme.IconImage, lang.T("pairing.drop"))
	choose := widget.NewButton(widget.ButtonSecondary, lang.T("pairing.choose"), func() { act.ChooseFile(a.ReadPicture) })
	t.link = widget.NewField(lang.T("pairing.link_label"), "")
	t.link.OnChanged = func(string) { t.update() }
	t.link.OnSubmit = func(string) { t.take() }
	t.paste = widget.NewButton(widget.ButtonSecondary, lang.T("pairing.paste"), func() {
		t.link.SetText(oneLine(act.Clipboard()))
		t.take()
	})
	t.open = widget.NewButton(widget.ButtonPrimary, lang.T("pairing.open"), t.take)
	t.scan = newScanning(a, act)
	t.ways = layout.NewColumn(1).
		Add(0, layout.NewRow().AddGrow(0, choose).AddGrow(theme.Space16, t.paste)).
		Add(theme.Space20, t.link).
		Add(theme.Space4, t.open)
	t.Column = layout.NewColumn(1).
		Add(0, t.zone).
		Add(theme.Space12, t.problem.Row).
		Add(theme.Space16, t.scan.Column).
		Add(theme.Space12, t.ways)
	return t
}

// oneLine is a pasted text as it fits a field: its card, if it has one.
func oneLine(s string) string { return strings.Join(strings.Fields(findCard(s)), " ") }

func (t *theirs) take() {
	if strings.TrimSpace(t.link.Text()) != "" {
		t.a.Paste(t.link.Text())
	}
}

func (t *theirs) object() *layout.Column { return t.Column }
func (t *theirs) shows(s Step) bool      { return s == StepTheirs }
func (t *theirs) first() fyne.Focusable  { return t.link.Focusable() }

func (t *theirs) update() {
	a := t.a
	refused := a.TheirsErr
	if refused == nil {
		refused = a.Scanner.Err
	}
	t.problem.set(t.sentence(refused))
	t.scan.update()
	visible(t.zone, !a.Scanner.On)
	visible(t.ways, !a.Scanner.On)
	t.zone.SetText(lang.T("pairing.drop"))
	if a.Reading {
		t.zone.SetText(lang.T("pairing.reading"))
	}
	if strings.TrimSpace(t.link.Text()) == "" || a.Reading {
		t.open.Disable()
	} else {
		t.open.Enable()
	}
}

// looking says that their card was taken and nobody has answered yet.
type looking struct {
	*layout.Column
	a    *Add
	text *widget.Label
	stop *widget.Button
}

func newLooking(a *Add, _ Actions) *looking {
	l := &looking{a: a, text: widget.NewLabel("", &theme.Body, widget.InkSecond)}
	l.stop = widget.NewButton(widget.ButtonSecondary, lang.T("codes.stop"), a.Stop)
	l.Column = layout.NewColumn(1).
		AddCentre(theme.Space48, widget.NewEmblem(theme.IconSearch, theme.IconEmpty, widget.InkThird)).
		Add(theme.Space16, l.text).
		Add(theme.Space32, l.stop)
	return l
}

func (l *looking) object() *layout.Column { return l.Column }
func (l *looking) shows(s Step) bool      { return s == StepLooking }
func (l *looking) first() fyne.Focusable  { return l.stop }

func (l *looking) update() {
	switch {
	case !l.a.Nobody():
		l.text.SetText(lang.T("pairing.waiting"))
	case l.a.Pairing.Internet:
		l.text.SetText(lang.T("pairing.nobody_far"))
	default:
		l.text.SetText(lang.T("pairing.nobody"))
	}
}
