package settings

import (
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// NewAbout returns the section about the program itself. A licence that was chosen is
// given to onLicence.
func NewAbout(b Build, onLicence func(Licence)) *layout.Column {
	number := lang.T("about.built_by_hand")
	if b.Version != "" {
		number = lang.T("about.version", "version", b.Version)
	}
	build := b.Go
	if b.Commit != "" {
		build = lang.T("about.build", "hash", b.Commit) + ", " + b.Go
	}
	all := Licences()
	items := make([]widget.NavItem, len(all))
	for i, l := range all {
		items[i] = widget.NavItem{Label: l.Name, Detail: l.Kind}
	}
	parts := widget.NewNavList(func(i int) { onLicence(all[i]) }, items...)
	parts.Mark(false)
	return column().
		Add(0, line(lang.T("app.name"), &theme.Title, widget.InkMain)).
		Add(theme.Space4, line(number, &theme.UI, widget.InkMain)).
		Add(theme.Space2, why(build)).
		Add(theme.Space16, why(lang.T("about.licence"))).
		Add(theme.Space32, heading(lang.T("about.parts"))).
		Add(theme.Space4, why(lang.T("about.text"))).
		Add(theme.Space8, parts)
}

// NewLicenceText returns a licence to read, with its name above it.
func NewLicenceText(l Licence, onClose func()) *widget.ScrollBox {
	title := l.Name
	if l.Version != "" {
		title += " " + l.Version
	}
	c := layout.NewColumn(theme.CardMin).
		Add(0, layout.NewRow().
			AddGrow(0, line(title, &theme.Heading, widget.InkMain)).
			Add(theme.Space8, widget.NewIconButton(theme.IconClose, lang.T("word.close"), onClose)).Outset(theme.Space4)).
		Add(theme.Space4, why(l.Kind))
	for _, p := range paragraphs(l.Text) {
		c.Add(theme.Space12, line(p, &theme.Small, widget.InkMain))
	}
	return widget.NewScrollBox(c)
}
