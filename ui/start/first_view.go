package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// FirstView shows a First.
type FirstView struct {
	Page fyne.CanvasObject

	f        *First
	sentence func(error) string

	name       *widget.Field
	passphrase *widget.PassphraseField
	again      *widget.PassphraseField
	meter      *meter
	words      *widget.Label // what was proposed, whole: it must be written on paper
	suggest    *widget.Button
	create     *widget.Button
	back       *widget.Button // nil where there is nothing to go back to
	languages  *languages
	failed     *widget.Label
	column     *layout.Column
	canvas     fyne.Canvas // set by FocusOn
}

// NewFirstView returns the screen of first start. sentence puts errors into words; copied
// is told what was copied from a field that was uncovered.
func NewFirstView(f *First, sentence func(error) string, copied func(string)) *FirstView {
	v := &FirstView{f: f, sentence: sentence, meter: newMeter()}
	v.name = widget.NewField(lang.T("start.name"), lang.T("start.name_hint"))
	v.name.OnChanged = f.SetName
	v.name.OnSubmit = func(string) { f.Submit() }
	v.passphrase = widget.NewPassphraseField(lang.T("start.passphrase"), lang.T("start.passphrase_hint"))
	v.passphrase.OnChanged = f.SetPassphrase
	v.passphrase.OnSubmitted = func(string) { v.entered() }
	v.again = widget.NewPassphraseField(lang.T("start.again"), "")
	v.again.OnChanged = f.SetAgain
	v.again.OnSubmitted = func(string) { f.Submit() }
	v.passphrase.OnCopied, v.again.OnCopied = copied, copied
	v.words = widget.NewLabel("", &theme.Body, widget.InkMain)
	v.suggest = widget.NewButton(widget.ButtonText, lang.T("start.suggest"), v.propose)
	v.create = widget.NewButton(widget.ButtonPrimary, lang.T("start.create"), f.Submit)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)

	v.column = layout.NewColumn(1).
		AddStart(0, newSeal()).
		Add(theme.Space16, widget.NewLabel(lang.T("app.name"), &theme.Display, widget.InkMain)).
		Add(theme.Space4, widget.NewLabel(lang.T("start.line"), &theme.Body, widget.InkSecond)).
		Add(theme.Space24, v.name).
		Add(theme.Space12, container.New(inPlaceOfHint{v.passphrase, v.meter}, v.passphrase, v.meter)).
		Add(theme.Space8, v.words).
		AddStart(0, v.suggest).
		Add(theme.Space8, v.again).
		Add(theme.Space12, widget.NewNote(lang.T("start.note"))).
		Add(theme.Space16, v.failed).
		Add(theme.Space24, v.create)
	v.languages = newLanguages()
	v.Page = newPage(v.column, v.languages)
	v.fill()
	f.OnChange = v.show
	v.show()
	return v
}

// fill shows what the form holds already: the view may be made anew in another language.
func (v *FirstView) fill() {
	name, passphrase, again := v.f.name, v.f.passphrase, v.f.again
	v.name.SetText(name)
	if v.f.Suggested {
		v.words.SetText(passphrase)
		v.passphrase.Reveal(false)
	}
	v.passphrase.SetText(passphrase)
	v.again.SetText(again)
}

// ShowLanguages offers to read the screen in another language; onChoose is given its tag.
func (v *FirstView) ShowLanguages(onChoose func(tag string)) { v.languages.listen(onChoose) }

// ShowBack offers a way back, to the profiles that there are.
func (v *FirstView) ShowBack(onBack func()) {
	v.back = widget.NewButton(widget.ButtonText, lang.T("profile.back"), onBack)
	v.column.AddStart(theme.Space8, v.back)
}

// FocusOn gives the keyboard to the first field.
func (v *FirstView) FocusOn(c fyne.Canvas) {
	v.canvas = c
	c.Focus(v.name.Focusable())
}

// entered is told of Enter in the passphrase: one that will do is to be typed again first,
// which is no mistake yet.
func (v *FirstView) entered() {
	if v.canvas != nil && v.f.AskAgain() && v.f.Strength() > Easy && v.again.Text() == "" {
		v.canvas.Focus(v.again.Input())
		return
	}
	v.f.Submit()
}

func (v *FirstView) propose() {
	words := v.f.Suggest()
	v.passphrase.SetText(words)
	v.passphrase.Reveal(false)
	v.again.SetText("")
	v.words.SetText(words)
	v.column.Refresh()
}

// show brings what is seen in line with the model.
func (v *FirstView) show() {
	f := v.f
	v.name.SetError(v.sentence(f.NameErr))
	hint := lang.T("start.name_hint")
	if f.Hidden {
		hint = lang.T("error.name_hidden")
	}
	v.name.SetHint(hint)
	v.passphrase.SetError(v.sentence(f.PassphraseErr))
	v.again.SetError(v.sentence(f.AgainErr))
	v.failed.SetText(v.sentence(f.Err))
	visible(v.failed, f.Err != nil)
	v.meter.set(f.Strength())
	measured := f.Strength() > NoStrength && f.PassphraseErr == nil
	visible(v.meter, measured)
	hint = ""
	if !measured {
		hint = lang.T("start.passphrase_hint")
	}
	v.passphrase.SetHint(hint)
	visible(v.again, f.AskAgain())
	visible(v.words, f.Suggested)

	suggest, create := lang.T("start.suggest"), lang.T("start.create")
	if f.Suggested {
		suggest = lang.T("start.suggest_another")
	}
	switch {
	case f.Busy:
		create = lang.T("start.busy")
	case f.Asking:
		create = lang.T("start.use_anyway")
	}
	v.suggest.SetLabel(suggest)
	v.create.SetLabel(create)
	v.create.SetBusy(f.Busy)
	for _, field := range []interface {
		Enable()
		Disable()
	}{v.name, v.passphrase, v.again, v.suggest} {
		if f.Busy {
			field.Disable()
		} else {
			field.Enable()
		}
	}
	v.languages.enable(!f.Busy)
	if v.back != nil {
		if f.Busy {
			v.back.Disable()
		} else {
			v.back.Enable()
		}
	}
	v.column.Refresh()
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
