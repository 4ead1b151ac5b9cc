package profiles

import (
	"errors"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// Card is what a dialog shows: its content, and what takes the keyboard first.
type Card struct {
	Content  *layout.Column
	First    fyne.Focusable
	OnResize func() // the content has another height
}

func newCard(title, sentence string) *Card {
	c := &Card{Content: layout.NewColumn(theme.CardMin - 2*theme.CardPadding), OnResize: func() {}}
	c.Content.
		Add(0, line(title, &theme.Title, widget.InkMain)).
		Add(theme.Space12, line(sentence, &theme.UI, widget.InkSecond))
	return c
}

func line(s string, style *theme.TextStyle, ink widget.Ink) *widget.Label {
	l := widget.NewLabel(s, style, ink)
	l.SetAlign(text.AlignStart)
	return l
}

// NewAddCard says what another profile is, before the open one is locked for it.
func NewAddCard(onGo, onCancel func()) *Card {
	c := newCard(lang.T("profile.add_title"), lang.T("profile.add_text"))
	no := widget.NewButton(widget.ButtonSecondary, lang.T("profile.cancel"), onCancel)
	yes := widget.NewButton(widget.ButtonPrimary, lang.T("profile.add_go"), onGo)
	c.Content.Add(theme.Space24, layout.NewRow().AddGrow(0, no).AddGrow(theme.Space16, yes))
	c.First = yes
	return c
}

// NewRemovalCard shows a Removal. It takes over r.OnChange.
func NewRemovalCard(r *Removal, sentence func(error) string, onCancel func()) *Card {
	c := newCard(lang.T("profile.remove_title"), lang.T("profile.remove_text"))
	passphrase := widget.NewPassphraseField(lang.T("start.passphrase"), "")
	word := widget.NewField(lang.T("profile.remove_type", "word", r.Word()), "")
	edit := func(string) { r.Edit(passphrase.Text(), word.Text()) }
	passphrase.OnChanged, word.OnChanged = edit, edit
	confirm := func(string) { r.Confirm() }
	passphrase.OnSubmitted, word.OnSubmit = confirm, confirm
	failed := widget.NewLabel("", &theme.Small, widget.InkDanger)
	no := widget.NewButton(widget.ButtonSecondary, lang.T("profile.cancel"), onCancel)
	yes := widget.NewButton(widget.ButtonDanger, lang.T("profile.remove_go"), r.Confirm)
	c.Content.
		Add(theme.Space16, passphrase).
		Add(theme.Space8, word).
		Add(theme.Space8, failed).
		Add(theme.Space16, layout.NewRow().AddGrow(0, no).AddGrow(theme.Space16, yes))
	c.First = passphrase.Input()
	r.OnChange = func() {
		wrong := errors.Is(r.Err, app.ErrPassphrase)
		passphrase.SetError("")
		if wrong {
			passphrase.SetError(sentence(r.Err))
		}
		failed.SetText(sentence(r.Err))
		visible(failed, r.Err != nil && !wrong)
		yes.SetBusy(r.Busy)
		usable(yes, r.Ready() || r.Busy)
		usable(no, !r.Busy)
		c.Content.Refresh()
		c.OnResize()
	}
	r.OnChange()
	return c
}

// NewRevealCard asks for the passphrase before hidden chats are shown. onShow checks it;
// done is called with what came of it.
func NewRevealCard(sentence func(error) string, onShow func(passphrase string, done func(error)), onCancel func()) *Card {
	c := newCard(lang.T("hidden.title"), lang.T("hidden.text"))
	passphrase := widget.NewPassphraseField(lang.T("start.passphrase"), "")
	no := widget.NewButton(widget.ButtonSecondary, lang.T("profile.cancel"), onCancel)
	var yes *widget.Button
	show := func() {
		if passphrase.Text() == "" || yes.Busy() {
			return
		}
		yes.SetBusy(true)
		yes.SetLabel(lang.T("hidden.busy"))
		passphrase.Disable()
		onShow(passphrase.Text(), func(err error) {
			yes.SetBusy(false)
			yes.SetLabel(lang.T("hidden.show"))
			passphrase.Enable()
			passphrase.SetError(sentence(err))
			c.Content.Refresh()
			c.OnResize()
		})
	}
	yes = widget.NewButton(widget.ButtonPrimary, lang.T("hidden.show"), show)
	yes.Disable()
	passphrase.OnChanged = func(s string) {
		passphrase.SetError("")
		usable(yes, s != "")
	}
	passphrase.OnSubmitted = func(string) { show() }
	c.Content.
		Add(theme.Space16, passphrase).
		Add(theme.Space16, layout.NewRow().AddGrow(0, no).AddGrow(theme.Space16, yes))
	c.First = passphrase.Input()
	return c
}

func usable(b *widget.Button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}
