package chat

import (
	"image"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// maxBarsShown is how many strips are shown at once; with more of them they scroll.
const maxBarsShown = 4

// barKey names what a strip is about.
type barKey struct {
	kind int
	id   int
}

const (
	barEdit = iota
	barAnswer
	barAttached
	barImport
)

// bars are the strips over the composer.
type bars struct {
	c      *Conversation
	order  []barKey
	of     map[barKey]*bar
	hidden *widget.Switch // pictures go with their hidden data
	column *layout.Column
	scroll *widget.ScrollBox

	// thumb asks for a small picture of an attached file.
	thumb func(p Pending, done func(image.Image))
}

func newBars(c *Conversation) *bars {
	b := &bars{c: c, of: map[barKey]*bar{}, column: layout.NewColumn(1)}
	b.thumb = func(Pending, func(image.Image)) {}
	b.hidden = widget.NewSwitch(lang.T("attach.hidden"), lang.T("attach.hidden_why"), c.SetHiddenData)
	b.scroll = widget.NewScrollBox(b.column)
	return b
}

// changed follows the model.
func (b *bars) changed() {
	order := b.wanted()
	same := len(order) == len(b.order)
	for i := range order {
		same = same && order[i] == b.order[i]
	}
	if !same {
		b.rebuild(order)
	}
	b.fill()
}

// wanted lists the strips that there are to be, from the top.
func (b *bars) wanted() []barKey {
	var order []barKey
	if _, on := b.c.Editing(); on {
		order = append(order, barKey{kind: barEdit})
	}
	if m, on := b.c.Answering(); on {
		order = append(order, barKey{barAnswer, int(m.ID)})
	}
	for _, i := range b.c.Imports() {
		order = append(order, barKey{barImport, i.ID})
	}
	for _, p := range b.c.Attached() {
		order = append(order, barKey{barAttached, p.ID})
	}
	return order
}

func (b *bars) rebuild(order []barKey) {
	b.order = order
	kept := map[barKey]*bar{}
	b.column.Clear()
	for _, k := range order {
		strip := b.of[k]
		if strip == nil {
			strip = b.make(k)
		}
		kept[k] = strip
		b.column.Add(theme.Space4, strip)
	}
	b.of = kept
	if b.hasPicture() {
		b.column.Add(theme.Space8, b.hidden)
	}
	b.column.Refresh()
}

func (b *bars) hasPicture() bool {
	for _, p := range b.c.Attached() {
		if p.Picture {
			return true
		}
	}
	return false
}

func (b *bars) make(k barKey) *bar {
	switch k.kind {
	case barEdit:
		return newBar(theme.IconEdit, lang.T("compose.cancel_edit"), func() { b.c.Cancel() })
	case barAnswer:
		return newBar(theme.IconReply, lang.T("compose.cancel_reply"), func() { b.c.Cancel() })
	case barImport:
		return newBar(theme.IconFile, lang.T("attach.cancel"), func() { b.c.CancelImport(k.id) })
	}
	strip := newBar(theme.IconFile, lang.T("attach.remove"), func() { b.c.Detach(k.id) })
	for _, p := range b.c.Attached() {
		if p.ID == k.id && p.Picture {
			strip.icon.Set(theme.IconImage, widget.InkSecond)
			b.thumb(p, strip.setPicture)
		}
	}
	return strip
}

// fill writes what the strips say.
func (b *bars) fill() {
	if m, on := b.c.Editing(); on {
		b.of[barKey{kind: barEdit}].set(lang.T("compose.edit"), oneLine(m.Text))
	}
	if m, on := b.c.Answering(); on {
		name := b.c.Contact().Name
		title := lang.T("compose.reply_own")
		if !m.Own {
			title = lang.T("compose.reply", "name", shown(name))
		}
		b.of[barKey{barAnswer, int(m.ID)}].set(title, oneLine(bodyWord(m, name)))
	}
	for i, imp := range b.c.Imports() {
		strip := b.of[barKey{barImport, imp.ID}]
		switch {
		case i > 0:
			strip.set(imp.Name, lang.T("attach.waits"))
		case imp.Total > 0:
			strip.set(imp.Name, lang.T("attach.sealing", "percent", lang.Percent(int(imp.Done*100/imp.Total))))
			strip.setShare(float32(float64(imp.Done) / float64(imp.Total)))
		default:
			strip.set(imp.Name, lang.T("attach.sealing_unknown", "size", lang.Size(imp.Done)))
		}
	}
	for _, p := range b.c.Attached() {
		line := lang.Size(p.Size)
		if p.Tells {
			line = lang.T("attach.tells", "size", line)
		}
		b.of[barKey{barAttached, p.ID}].set(p.Name, line)
	}
	b.hidden.Set(b.c.HiddenData())
}

// height is the room that the strips take at a width.
func (b *bars) height(width float32) float32 {
	if len(b.order) == 0 {
		return 0
	}
	whole := b.column.HeightFor(width)
	most := float32(maxBarsShown) * (theme.Small.LineHeight + theme.Caption.LineHeight + 2*barPad + theme.Space4)
	if len(b.order) > maxBarsShown {
		whole = min(whole, most)
	}
	return whole
}

// object is what is placed.
func (b *bars) object() fyne.CanvasObject { return b.scroll }
