package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// forward asks for the chats that get a copy of a message.
func (v *ConversationView) forward(m app.Message) {
	r := newRecipients(v.Chats())
	c := newCard(lang.T("forward.title"))
	c.say(lang.T("forward.text"))
	list := widget.NewChatList()
	send := c.button(widget.ButtonPrimary, "", func() { v.c.Forward(m.ID, r.Chosen()) })
	update := func() {
		list.SetItems(recipientItems(r, v.names))
		n := len(r.Chosen())
		send.SetLabel(lang.T("forward.none"))
		send.Disable()
		if n > 0 {
			send.SetLabel(lang.N("forward.send", n))
			send.Enable()
		}
	}
	list.OnOpen = func(id int64) {
		r.Toggle(app.ContactID(id))
		update()
	}
	field := newSearchField(func(s string) {
		r.Search(s)
		update()
	})
	field.onDown = func() { canvasOf(list).Focus(list) }
	field.onEscape = func() { c.close() }
	update()
	c.Add(theme.Space16, container.New(fixed(searchHeight), field))
	c.Add(theme.Space8, container.New(fixed(4*theme.RowHeight()), list))
	c.Add(theme.Space24, layout.NewRow().AddGrow(0, c.cancel()).AddGrow(theme.Space16, send))
	c.open(canvasOf(v), field.edit)
}

// recipientItems are the chats of the card; those that are chosen have a tick in place of
// their letter.
func recipientItems(r *Recipients, names Names) []widget.ChatItem {
	var items []widget.ChatItem
	for _, chat := range r.Rows() {
		i := widget.ChatItem{
			ID: int64(chat.Contact.ID), Name: chat.Contact.Name, Trust: int(chat.Contact.Trust),
			Last: trustWord(chat.Contact, names),
		}
		if r.Has(chat.Contact.ID) {
			i.Icon = theme.IconCheck
		}
		items = append(items, i)
	}
	return items
}

// fixed is the layout of one object of a fixed height.
type fixed float32

func (h fixed) HeightFor(float32) float32                 { return float32(h) }
func (h fixed) MinSize([]fyne.CanvasObject) fyne.Size     { return fyne.NewSize(1, float32(h)) }
func (h fixed) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
