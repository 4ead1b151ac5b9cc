package start

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// languages is the choice of the language on the screens before a profile is open: each by
// the name that it has in itself, so that whoever cannot read what is shown finds theirs.
// It is hidden until somebody listens.
type languages struct {
	flow  *layout.Flow
	offer []lang.Language
	each  []*widget.Button
}

func newLanguages() *languages {
	l := &languages{offer: lang.Languages()}
	var objects []fyne.CanvasObject
	for _, of := range l.offer {
		b := widget.NewButton(widget.ButtonText, of.Name, nil)
		l.each = append(l.each, b)
		objects = append(objects, b)
	}
	l.flow = layout.NewFlow(theme.Space20, objects...)
	l.flow.Hide()
	return l
}

// listen shows the choice and tells onChoose the tag of what is chosen. The language in
// force cannot be.
func (l *languages) listen(onChoose func(tag string)) {
	for i, b := range l.each {
		b.OnTapped = func() { onChoose(l.offer[i].Tag) }
	}
	l.enable(true)
	show := l.flow.Show
	if len(l.offer) < 2 {
		show = l.flow.Hide
	}
	show()
}

// enable says whether another language can be chosen now.
func (l *languages) enable(on bool) {
	for i, b := range l.each {
		if on && l.offer[i].Tag != lang.Tag() {
			b.Enable()
		} else {
			b.Disable()
		}
	}
}

// size is that of the choice in a window of a width; nothing while it is hidden.
func (l *languages) size(room float32) (w, h float32) {
	if !l.flow.Visible() {
		return 0, 0
	}
	w = min(l.flow.NaturalWidth(), room-2*theme.Gutter)
	return w, l.flow.HeightFor(w)
}
