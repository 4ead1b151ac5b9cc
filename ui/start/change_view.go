package start

import (
	"fyne.io/fyne/v2/container"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// ChangeView shows a Change, as a part of the settings.
type ChangeView struct {
	Content  *layout.Column
	OnResize func()

	c        *Change
	sentence func(error) string

	old, passphrase, again *widget.PassphraseField
	meter                  *meter
	submit                 *widget.Button
	done, failed           *widget.Label
	showing                bool // the fields follow the model, not the other way
}

// NewChangeView returns the form. It takes over c.OnChange. copied is told what was copied
// from a field that was uncovered.
func NewChangeView(c *Change, sentence func(error) string, copied func(string)) *ChangeView {
	v := &ChangeView{OnResize: func() {}, c: c, sentence: sentence, meter: newMeter()}
	edit := func(string) {
		if !v.showing {
			c.Edit(v.old.Text(), v.passphrase.Text(), v.again.Text())
		}
	}
	field := func(label string) *widget.PassphraseField {
		f := widget.NewPassphraseField(label, "")
		f.OnChanged = edit
		f.OnSubmitted = func(string) { c.Submit() }
		f.OnCopied = copied
		return f
	}
	v.old = field(lang.T("passphrase.old"))
	v.passphrase = field(lang.T("passphrase.new"))
	v.again = field(lang.T("passphrase.again"))
	v.submit = widget.NewButton(widget.ButtonSecondary, lang.T("passphrase.change"), c.Submit)
	v.done = widget.NewLabel(lang.T("passphrase.done"), &theme.Small, widget.InkSuccess)
	v.done.SetAlign(text.AlignStart)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	heading := widget.NewLabel(lang.T("passphrase.title"), &theme.Heading, widget.InkMain)
	heading.SetAlign(text.AlignStart)
	v.Content = layout.NewColumn(1).
		Add(0, heading).
		Add(theme.Space8, v.old).
		Add(theme.Space8, container.New(inPlaceOfHint{v.passphrase, v.meter}, v.passphrase, v.meter)).
		Add(theme.Space8, v.again).
		Add(theme.Space8, v.failed).
		Add(theme.Space8, v.done).
		AddStart(theme.Space12, v.submit)
	c.OnChange = v.show
	v.show()
	return v
}

// show brings what is seen in line with the model.
func (v *ChangeView) show() {
	c := v.c
	old, passphrase, again := c.Texts()
	v.showing = true
	for field, s := range map[*widget.PassphraseField]string{v.old: old, v.passphrase: passphrase, v.again: again} {
		if field.Text() != s {
			field.SetText(s)
			field.Reveal(false)
		}
		if c.Busy {
			field.Disable()
		} else {
			field.Enable()
		}
	}
	v.showing = false
	v.old.SetError(v.sentence(c.OldErr))
	v.passphrase.SetError(v.sentence(c.NewErr))
	v.again.SetError(v.sentence(c.AgainErr))
	v.meter.set(c.Strength())
	visible(v.meter, c.Strength() > NoStrength && c.NewErr == nil)
	label := lang.T("passphrase.change")
	switch {
	case c.Busy:
		label = lang.T("passphrase.busy")
	case c.Asking:
		label = lang.T("start.use_anyway")
	}
	v.submit.SetLabel(label)
	v.submit.SetBusy(c.Busy)
	v.failed.SetText(v.sentence(c.Err))
	visible(v.failed, c.Err != nil)
	visible(v.done, c.Done)
	v.Content.Refresh()
	v.OnResize()
}
