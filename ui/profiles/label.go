package profiles

import (
	"context"
	"strings"

	"tacit/app"
)

// Label is the form that names a profile on this computer.
//
// Owner of every field: the window's goroutine.
type Label struct {
	OnChange func()
	OnSaved  func(label string)
	Err      error

	stored, typed string
	busy          bool
	save          func(label string) error
	run           Run
}

// NewLabel returns the form with the label that is stored. save writes another, or with an
// empty one forgets it.
func NewLabel(label string, run Run, save func(label string) error) *Label {
	return &Label{OnChange: func() {}, OnSaved: func(string) {}, stored: label, typed: label, save: save, run: run}
}

// Text is what stands in the field.
func (l *Label) Text() string { return l.typed }

// Edit takes what is typed.
func (l *Label) Edit(s string) {
	if s != l.typed {
		l.typed, l.Err = s, nil
		l.OnChange()
	}
}

// Changed reports whether there is something to save.
func (l *Label) Changed() bool { return strings.TrimSpace(l.typed) != l.stored && !l.busy }

// Save stores the label.
func (l *Label) Save() {
	if !l.Changed() {
		return
	}
	clean := ""
	if strings.TrimSpace(l.typed) != "" {
		var err error
		if clean, _, err = app.CleanName(l.typed); err != nil {
			l.Err = err
			l.OnChange()
			return
		}
	}
	l.busy = true
	l.OnChange()
	l.run(func(context.Context) func() {
		err := l.save(clean)
		return func() {
			l.busy = false
			if l.Err = err; err == nil {
				l.stored, l.typed = clean, clean
				l.OnSaved(clean)
			}
			l.OnChange()
		}
	})
}
