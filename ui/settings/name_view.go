package settings

import (
	"encoding/hex"
	"strings"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// NameView is the own name with the fingerprint, the beginning of the section "Profile".
type NameView struct {
	Content *layout.Column

	name     *Name
	sentence func(error) string
	field    *widget.Field
	save     *widget.Button
}

// NewNameView returns the part. It takes over n.OnChange. copied is given the fingerprint.
func NewNameView(n *Name, fingerprint string, sentence func(error) string, copied func(string)) *NameView {
	v := &NameView{name: n, sentence: sentence}
	v.field = widget.NewField(lang.T("settings.name"), lang.T("settings.name_hint"))
	v.field.OnChanged = n.Edit
	v.field.OnSubmit = func(string) { n.Save() }
	v.save = widget.NewButton(widget.ButtonText, lang.T("settings.save"), n.Save)
	number := line(fingerprint, &theme.UI, widget.InkMain)
	copier := widget.NewIconButton(theme.IconCopy, lang.T("word.copy"), func() { copied(fingerprint) })
	v.Content = column().
		Add(0, v.field).
		AddStart(theme.Space4, v.save).
		Add(theme.Space16, layout.NewRow().AddGrow(0, heading(lang.T("settings.fingerprint"))).Add(theme.Space8, copier).Outset(theme.Space8)).
		Add(0, number).
		Add(theme.Space4, why(lang.T("settings.fingerprint_hint")))
	n.OnChange = v.Update
	v.Update()
	return v
}

// Update brings what is seen in line with the model.
func (v *NameView) Update() {
	n := v.name
	if v.field.Text() != n.Text() {
		v.field.SetText(n.Text())
	}
	v.field.SetError(v.sentence(n.Err))
	hint := lang.T("settings.name_hint")
	if n.Hidden {
		hint = lang.T("error.name_hidden")
	}
	v.field.SetHint(hint)
	visible(v.save, n.Changed())
	v.Content.Refresh()
}

// Fingerprint writes a fingerprint as people compare it: two rows of eight groups of four.
func Fingerprint(bytes []byte) string {
	digits := hex.EncodeToString(bytes)
	var out strings.Builder
	for i := 0; i < len(digits); i += 4 {
		switch {
		case i == 0:
		case i%32 == 0:
			out.WriteByte('\n')
		default:
			out.WriteByte(' ')
		}
		out.WriteString(digits[i:min(i+4, len(digits))])
	}
	return out.String()
}
