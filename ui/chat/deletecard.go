package chat

import (
	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// confirmDelete asks where a message is to be deleted.
func (v *ConversationView) confirmDelete(m app.Message) {
	name := shown(v.c.Contact().Name)
	c := newCard(lang.T("delete.title"))
	here := c.button(widget.ButtonDanger, lang.T("delete.here"), func() { v.c.Delete(m.ID, false) })
	cancel := c.cancel()
	switch {
	case m.Deleted || m.Unknown:
		c.say(lang.T("delete.trace_text"))
	case !m.Own:
		c.say(lang.T("delete.theirs_text", "name", name))
	case !v.c.MayDeleteForAll(m):
		c.say(lang.T("delete.here_text", "name", name))
	default:
		both := c.button(widget.ButtonDanger, lang.T("delete.both"), func() { v.c.Delete(m.ID, true) })
		here.SetKind(widget.ButtonSecondary)
		c.say(lang.T("delete.both_text", "name", name))
		c.Add(theme.Space12, both)
		c.Add(theme.Space20, widget.NewLabel(lang.T("delete.here_text", "name", name), &theme.UI, widget.InkSecond))
		c.Add(theme.Space12, here)
		c.Add(theme.Space24, cancel)
		c.open(canvasOf(v), cancel)
		return
	}
	c.Add(theme.Space24, layout.NewRow().AddGrow(0, cancel).AddGrow(theme.Space16, here))
	c.open(canvasOf(v), cancel)
}
