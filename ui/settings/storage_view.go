package settings

import (
	"context"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// StorageView is the section about the room that the profile takes, and where it lies.
type StorageView struct {
	Content *layout.Column
	size    *widget.Label
	measure func() (int64, error)
	run     Run
}

// NewStorageView returns the section. measure may take a while; copied is given the folder.
func NewStorageView(folder string, measure func() (int64, error), run Run, copied func(string)) *StorageView {
	v := &StorageView{size: line("", &theme.UI, widget.InkMain), measure: measure, run: run}
	copier := widget.NewIconButton(theme.IconCopy, lang.T("word.copy"), func() { copied(folder) })
	v.Content = column().
		Add(0, v.size).
		Add(theme.Space24, layout.NewRow().AddGrow(0, heading(lang.T("storage.folder"))).Add(theme.Space8, copier).Outset(theme.Space8)).
		Add(0, line(folder, &theme.UI, widget.InkMain)).
		Add(theme.Space4, why(lang.T("storage.copy_hint")))
	return v
}

// Shown measures again when the section is shown.
func (v *StorageView) Shown(on bool) {
	if !on {
		return
	}
	v.run(func(context.Context) func() {
		bytes, err := v.measure()
		return func() {
			if err == nil {
				v.size.SetText(lang.T("storage.size", "size", lang.Size(bytes)))
				v.Content.Refresh()
			}
		}
	})
}
