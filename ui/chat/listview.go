package chat

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// ListView is the pane with the chat list.
type ListView struct {
	fynewidget.BaseWidget

	OnOpen    func(app.ContactID)                // a chat
	OnMessage func(app.ContactID, app.MessageID) // a message that was searched for
	OnVerify  func(app.PairingID)                // a meeting that is not finished
	OnDetails func(app.ContactID)
	OnAdd     func()
	OnLock    func()
	OnMore    func() // the settings
	OnReveal  func() // hidden chats are to be shown: the person has to prove who they are

	list *List
	rows []Row // what the items of chats stand for

	title     *widget.Label
	more      *widget.IconButton
	lock, add *widget.IconButton
	search    *searchField
	chats     *widget.ChatList
	addFirst  *widget.Button // of nobody
	nobody    *widget.EmptyState
	nothing   *widget.EmptyState
	old       *widget.Note // the profile is an older copy
}

// NewListView returns the pane of a list. It takes over the model's OnChange.
func NewListView(l *List) *ListView {
	v := &ListView{
		OnOpen: func(app.ContactID) {}, OnMessage: func(app.ContactID, app.MessageID) {},
		OnVerify: func(app.PairingID) {}, OnDetails: func(app.ContactID) {},
		OnAdd: func() {}, OnLock: func() {}, OnMore: func() {}, OnReveal: func() {},
		list: l,
	}
	v.title = widget.NewLabel(lang.T("app.name"), &theme.Heading, widget.InkMain)
	v.title.SetAlign(text.AlignStart)
	v.more = widget.NewIconButton(theme.IconMore, lang.T("word.more"), v.moreMenu)
	v.lock = widget.NewIconButton(theme.IconLock, lang.T("word.lock"), func() { v.OnLock() })
	v.add = widget.NewIconButton(theme.IconAdd, lang.T("word.add"), func() { v.OnAdd() })
	v.search = newSearchField(l.Search)
	v.search.onDown = func() { v.focus(v.chats) }
	v.chats = widget.NewChatList()
	v.chats.OnOpen = v.open
	v.chats.OnMenu = v.menu
	v.addFirst = widget.NewButton(widget.ButtonPrimary, lang.T("list.empty_button"), func() { v.OnAdd() })
	v.nobody = widget.NewEmptyState(theme.IconPerson, lang.T("list.empty_title"), lang.T("list.empty_text"), v.addFirst)
	v.nothing = widget.NewEmptyState(theme.IconSearch, "", "", nil)
	v.old = widget.NewWarning(lang.T("error.rolled_back"))
	v.ExtendBaseWidget(v)
	l.OnChange = v.changed
	v.changed()
	return v
}

// FocusSearch gives the keyboard to the search field.
func (v *ListView) FocusSearch() { v.focus(v.search.edit) }

// FocusOn gives the keyboard to the rows, or to the button where there are none. The
// list may have been put on the canvas just now.
func (v *ListView) FocusOn(c fyne.Canvas) {
	if v.list.Empty() {
		c.Focus(v.addFirst)
	} else {
		c.Focus(v.chats)
	}
}

func (v *ListView) focus(f fyne.Focusable) {
	if c := canvasOf(v); c != nil {
		c.Focus(f)
	}
}

// changed shows the rows of the model.
func (v *ListView) changed() {
	v.rows = v.list.Rows()
	now := time.Now()
	items := make([]widget.ChatItem, len(v.rows))
	for i, r := range v.rows {
		items[i] = rowItem(r, rowID(r, i), now, v.name)
	}
	v.chats.SetItems(items)
	v.chats.Select(int64(v.list.Selected()))
	empty := v.list.Empty()
	nothing := !empty && len(items) == 0 && v.list.Query() != "" && !v.list.Searching()
	if nothing {
		v.nothing.SetText(lang.T("list.nothing", "query", shown(v.list.Query())), "")
	}
	show(v.nobody, empty)
	show(v.nothing, nothing)
	show(v.chats, !empty && !nothing)
	show(v.search, !empty)
	if v.old.Visible() != v.list.RolledBack() {
		show(v.old, v.list.RolledBack())
		v.BaseWidget.Refresh() // it takes room from the rows
	}
}

// rowID names a row of the list: a chat by its contact, so that the keyboard stays on
// it, another by its place.
func rowID(r Row, i int) int64 {
	switch r.Kind {
	case RowChat:
		return int64(r.Chat.Contact.ID)
	case RowArchive, RowBack:
		return math.MinInt64 + int64(r.Kind)
	}
	return -int64(i) - 1
}

func (v *ListView) name(id app.ContactID) string {
	c, _ := v.list.Chat(id)
	return c.Contact.Name
}

func (v *ListView) row(id int64) (Row, bool) {
	for i, r := range v.rows {
		if rowID(r, i) == id {
			return r, true
		}
	}
	return Row{}, false
}

func (v *ListView) open(id int64) {
	r, ok := v.row(id)
	switch {
	case !ok:
	case r.Kind == RowPairing:
		v.OnVerify(r.Pairing.ID)
	case r.Kind == RowHit:
		v.OnMessage(r.Hit.Contact, r.Hit.ID)
	case r.Kind == RowArchive, r.Kind == RowBack:
		v.list.ShowArchive(r.Kind == RowArchive)
	default:
		v.OnOpen(r.Chat.Contact.ID)
	}
}

func (v *ListView) menu(id int64, at fyne.Position) {
	r, ok := v.row(id)
	if !ok || r.Kind != RowChat {
		return
	}
	widget.ShowMenu(canvasOf(v), at, v.menuItems(r.Chat)...)
}

// menuItems are what can be done with a chat.
func (v *ListView) menuItems(c app.Chat) []widget.MenuItem {
	id := c.Contact.ID
	mark := func(on bool, set, unset string, icon theme.IconName, field func(*app.ChatMarks) *bool) widget.MenuItem {
		label := set
		if on {
			label = unset
		}
		return widget.MenuItem{Label: label, Icon: icon, Action: func() {
			v.list.Mark(id, func(m *app.ChatMarks) { *field(m) = !on })
		}}
	}
	items := []widget.MenuItem{{Label: lang.T("menu.open_details"), Icon: theme.IconDetails, Action: func() { v.OnDetails(id) }}}
	if c.Unread > 0 || c.MarkedUnread {
		items = append(items, widget.MenuItem{Label: lang.T("menu.mark_read"), Icon: theme.IconRead, Action: func() { v.list.MarkRead(id) }})
	} else {
		items = append(items, mark(false, lang.T("menu.mark_unread"), "", theme.IconChat, func(m *app.ChatMarks) *bool { return &m.MarkedUnread }))
	}
	items = append(items,
		mark(c.Pinned, lang.T("menu.pin"), lang.T("menu.unpin"), theme.IconPin, func(m *app.ChatMarks) *bool { return &m.Pinned }),
		mark(c.Muted, lang.T("menu.mute"), lang.T("menu.unmute"), theme.IconMuted, func(m *app.ChatMarks) *bool { return &m.Muted }),
		mark(c.Archived, lang.T("menu.archive"), lang.T("menu.unarchive"), theme.IconArchive, func(m *app.ChatMarks) *bool { return &m.Archived }))
	if c.Hidden {
		return append(items, mark(true, "", lang.T("menu.unhide"), theme.IconEye, func(m *app.ChatMarks) *bool { return &m.Hidden }))
	}
	return append(items, widget.MenuItem{Label: lang.T("menu.hide"), Icon: theme.IconEyeOff, Action: func() { v.confirmHide(c) }})
}

// confirmHide says how a hidden chat is found again before it goes out of sight.
func (v *ListView) confirmHide(c app.Chat) {
	name := shown(c.Contact.Name)
	question := newCard(lang.T("hide.title", "name", name))
	question.say(lang.T("hide.text", "name", name))
	cancel := question.cancel()
	hide := question.button(widget.ButtonPrimary, lang.T("menu.hide"), func() {
		v.list.Mark(c.Contact.ID, func(m *app.ChatMarks) { m.Hidden = true })
	})
	question.Add(theme.Space24, layout.NewRow().AddGrow(0, cancel).AddGrow(theme.Space16, hide))
	question.open(canvasOf(v), cancel)
}

// moreMenu leads to the settings and to the hidden chats. It does not tell whether there
// are any.
func (v *ListView) moreMenu() {
	hidden := widget.MenuItem{Label: lang.T("menu.reveal"), Icon: theme.IconEye, Action: func() { v.OnReveal() }}
	if v.list.Revealed() {
		hidden = widget.MenuItem{Label: lang.T("menu.conceal"), Icon: theme.IconEyeOff, Action: func() { v.list.SetRevealed(false) }}
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.more)
	if theme.RTL() {
		at.X += v.more.Size().Width
	}
	widget.ShowMenu(canvasOf(v), at.AddXY(0, v.more.Size().Height+theme.Space4),
		widget.MenuItem{Label: lang.T("word.settings"), Icon: theme.IconSettings, Action: func() { v.OnMore() }}, hidden)
}

// Heights of what stands above the rows.
const (
	searchHeight float32 = 36
	searchGap            = theme.Space8
)

// CreateRenderer implements fyne.Widget.
func (v *ListView) CreateRenderer() fyne.WidgetRenderer {
	paper := canvas.NewRectangle(nil)
	update := func() {
		paper.FillColor = theme.Current().List
		v.changed()
	}
	place := func(s fyne.Size) {
		put(paper, 0, 0, s.Width, s.Height, s.Width)
		const button = theme.IconButtonSize
		// The drawings, not the targets, line up with the gutter.
		end := s.Width - theme.Gutter + (button-theme.IconAction)/2
		head := theme.HeaderHeight()
		put(v.add, end-button, (head-button)/2, button, button, s.Width)
		put(v.lock, end-2*button, (head-button)/2, button, button, s.Width)
		put(v.more, end-3*button, (head-button)/2, button, button, s.Width)
		put(v.title, theme.Gutter, (head-theme.Heading.LineHeight)/2, s.Width-2*theme.Gutter-3*button, theme.Heading.LineHeight, s.Width)
		height := searchHeight + theme.Small.LineHeight - 20
		put(v.search, theme.Space12, head, s.Width-2*theme.Space12, height, s.Width)
		top, bottom := head+height+searchGap, s.Height
		if v.old.Visible() {
			width := s.Width - 2*theme.Space12
			notice := v.old.HeightFor(width)
			bottom -= notice + theme.Space12
			put(v.old, theme.Space12, bottom, width, notice, s.Width)
		}
		put(v.chats, 0, top, s.Width, bottom-top, s.Width)
		put(v.nothing, theme.Gutter, top, s.Width-2*theme.Gutter, (bottom-top)/2, s.Width)
		put(v.nobody, theme.Gutter, head, s.Width-2*theme.Gutter, bottom-2*head, s.Width)
	}
	return newPane(v, update, place, paper, v.title, v.more, v.lock, v.add, v.search, v.chats, v.nothing, v.nobody, v.old)
}
