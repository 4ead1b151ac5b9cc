package start

import (
	"errors"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// UnlockView shows an Unlock.
type UnlockView struct {
	Page fyne.CanvasObject

	u          *Unlock
	sentence   func(error) string
	passphrase *widget.PassphraseField
	failed     *widget.Note
	open       *widget.Button
	add        *widget.Button // nil where there can be no further profile
	languages  *languages
	column     *layout.Column
	canvas     fyne.Canvas // set by FocusOn
	wasBusy    bool
}

// NewUnlockView returns the screen that asks for the passphrase. The person's name is
// sealed with the rest, so title is the label of the profile, or the app's name.
func NewUnlockView(u *Unlock, title string, sentence func(error) string) *UnlockView {
	v := &UnlockView{u: u, sentence: sentence}
	v.passphrase = widget.NewPassphraseField(lang.T("start.passphrase"), "")
	v.passphrase.OnChanged = u.SetPassphrase
	v.passphrase.OnSubmitted = func(string) { u.Submit() }
	v.failed = widget.NewWarning("")
	v.open = widget.NewButton(widget.ButtonPrimary, lang.T("unlock.primary"), u.Submit)
	v.column = layout.NewColumn(1).
		AddStart(0, newSeal()).
		Add(theme.Space16, widget.NewLabel(title, &theme.Title, widget.InkMain)).
		Add(theme.Space20, v.passphrase).
		Add(theme.Space12, v.failed).
		Add(theme.Space16, v.open)
	v.languages = newLanguages()
	v.Page = newPage(v.column, v.languages)
	v.passphrase.SetText(u.passphrase) // the view may be made anew in another language
	u.OnChange = v.show
	v.show()
	return v
}

// ShowLanguages offers to read the screen in another language; onChoose is given its tag.
func (v *UnlockView) ShowLanguages(onChoose func(tag string)) { v.languages.listen(onChoose) }

// ShowAdd offers to make another profile.
func (v *UnlockView) ShowAdd(onAdd func()) {
	v.add = widget.NewButton(widget.ButtonText, lang.T("profile.add"), onAdd)
	v.column.AddStart(theme.Space16, v.add)
}

// FocusOn gives the keyboard to the field.
func (v *UnlockView) FocusOn(c fyne.Canvas) {
	v.canvas = c
	c.Focus(v.passphrase.Input())
}

func (v *UnlockView) show() {
	u := v.u
	// What the person can mend by typing stands at the field, the rest in a box of its own.
	wrong := errors.Is(u.Err, app.ErrPassphrase)
	v.passphrase.SetError("")
	if wrong {
		v.passphrase.SetError(v.sentence(u.Err))
	}
	v.failed.SetText(v.sentence(u.Err))
	visible(v.failed, u.Err != nil && !wrong)
	label := lang.T("unlock.primary")
	if u.Busy {
		label = lang.T("unlock.busy")
		v.passphrase.Disable()
	} else {
		v.passphrase.Enable()
	}
	v.open.SetLabel(label)
	v.open.SetBusy(u.Busy)
	if u.Ready() || u.Busy {
		v.open.Enable()
	} else {
		v.open.Disable()
	}
	v.languages.enable(!u.Busy)
	if v.add != nil {
		if u.Busy {
			v.add.Disable()
		} else {
			v.add.Enable()
		}
	}
	if v.wasBusy && u.Err != nil && v.canvas != nil {
		v.canvas.Focus(v.passphrase.Input()) // to type it again, in place of the wrong one
		if s, ok := v.passphrase.Input().(fyne.Shortcutable); ok {
			s.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	}
	v.wasBusy = u.Busy
	v.column.Refresh()
}
