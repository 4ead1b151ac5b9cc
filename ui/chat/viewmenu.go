package chat

import (
	"slices"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// menu opens the menu of a message.
func (v *ConversationView) menu(id int64, at fyne.Position) {
	m, ok := v.c.Find(app.MessageID(id))
	if !ok || m.Notice != app.NoticeNone {
		return
	}
	menu := (*widget.Menu)(nil)
	var head fyne.CanvasObject
	if v.c.MayAnswer(m) {
		head = v.quickRow(m, at, func() { menu.Close() })
	}
	menu = widget.ShowMenuUnder(canvasOf(v), at, head, v.menuItems(m)...)
}

// menuItems are what can be done with a message, in the order of how often it is.
func (v *ConversationView) menuItems(m app.Message) []widget.MenuItem {
	var items []widget.MenuItem
	add := func(on bool, key string, icon theme.IconName, action func()) {
		if on {
			items = append(items, widget.MenuItem{Label: lang.T(key), Icon: icon, Action: action})
		}
	}
	add(m.State == app.StateFailed, "menu.try_again", theme.IconSend, func() { v.c.Retry(m.ID) })
	add(v.c.MayAnswer(m), "menu.reply", theme.IconReply, func() { v.answer(int64(m.ID)) })
	add(v.c.MayEdit(m), "menu.edit", theme.IconEdit, func() { v.edit(m.ID) })
	add(m.Text != "" && !m.Deleted, "menu.copy", theme.IconCopy, func() { v.copy(m) })
	add(savable(m), "menu.save_as", theme.IconExport, func() { v.save(m) })
	add(stoppable(m), "menu.cancel_file", theme.IconClose, func() { v.c.CancelFile(m.ID) })
	add(MayForward(m), "menu.forward", theme.IconForward, func() { v.forward(m) })
	add(true, "menu.message_details", theme.IconDetails, func() { v.showDetails(m.ID) })
	return append(items, widget.MenuItem{
		Label: lang.T("menu.delete"), Icon: theme.IconDelete, Danger: true, Action: func() { v.confirmDelete(m) },
	})
}

// quickRow is the row of emoji over a menu, which done closes.
func (v *ConversationView) quickRow(m app.Message, at fyne.Position, done func()) *widget.QuickReactions {
	row := widget.NewQuickReactions(widget.DefaultReactions, func(emoji string) bool { return Reacted(m, emoji) })
	row.OnPick = func(emoji string) {
		done()
		v.react(m.ID, emoji)
	}
	row.OnMore = func() {
		done()
		v.pickEmoji(m.ID, at)
	}
	return row
}

// quickReact offers the emoji alone.
func (v *ConversationView) quickReact(id int64, at fyne.Position) {
	m, ok := v.c.Find(app.MessageID(id))
	if !ok || !v.c.MayAnswer(m) {
		return
	}
	own := func(emoji string) bool { return Reacted(m, emoji) }
	widget.ShowQuickReactions(canvasOf(v), at, v.recents, own, func(emoji string) { v.react(m.ID, emoji) })
}

// maxRecent is how many emoji the picker shows first.
const maxRecent = 16

func (v *ConversationView) pickEmoji(id app.MessageID, at fyne.Position) {
	widget.ShowEmojiPicker(canvasOf(v), at, v.recents, func(emoji string) { v.react(id, emoji) })
}

// react puts an emoji to a message, or takes it away, and remembers it for the next time.
func (v *ConversationView) react(id app.MessageID, emoji string) {
	v.recents = slices.DeleteFunc(v.recents, func(e string) bool { return e == emoji })
	v.recents = append([]string{emoji}, v.recents[:min(len(v.recents), maxRecent-1)]...)
	v.c.React(id, emoji)
}

func (v *ConversationView) answer(id int64) {
	v.c.Answer(app.MessageID(id))
	v.FocusComposer()
}

func (v *ConversationView) edit(id app.MessageID) {
	v.c.BeginEdit(id)
	v.FocusComposer()
}

// copy puts the selection on the clipboard, or the whole message.
func (v *ConversationView) copy(m app.Message) {
	if v.thread.SelectedText() != "" {
		v.thread.Copy()
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(m.Text)
}

// explainState says what the glyph of a message means.
func (v *ConversationView) explainState(id int64, at fyne.Position) {
	if m, ok := v.c.Find(app.MessageID(id)); ok {
		word, why := stateWord(m, v.c.Contact().Name)
		widget.ShowPopover(canvasOf(v), at, word, why)
	}
}

// explainTrust says what the dots mean.
func (v *ConversationView) explainTrust(at fyne.Position) {
	c := v.c.Contact()
	why := map[app.Trust]string{
		app.Unverified: lang.T("trust.unverified_why"),
		app.Introduced: lang.T("trust.introduced_why", "other", shown(v.names(c.IntroducedBy))),
		app.Proximity:  lang.T("trust.met_why"),
		app.Verified:   lang.T("trust.verified_why"),
	}[c.Trust]
	widget.ShowPopover(canvasOf(v), at, trustWord(c, v.names), why)
}
