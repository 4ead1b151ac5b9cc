package chat

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
)

// viewed is a conversation in a window.
type viewed struct {
	*talk
	view *ConversationView
	win  fyne.Window
}

func viewTalk(t *testing.T, n int, change ...func(*app.Chat)) *viewed {
	t.Helper()
	test.NewTempApp(t)
	v := &viewed{talk: openPane(t, n, change...)}
	v.view = NewConversationView(v.Conversation, func(app.ContactID) string { return "Papa" })
	v.win = test.NewWindow(v.view)
	t.Cleanup(v.win.Close)
	v.win.SetPadded(false)
	v.win.Resize(fyne.NewSize(760, 600))
	v.view.FocusComposer()
	v.settle()
	return v
}

func (v *viewed) enter(text string) {
	for _, r := range text {
		v.view.composer.edit.TypedRune(r)
	}
	v.view.composer.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	v.settle()
}

func TestViewSendsAtEnter(t *testing.T) {
	v := viewTalk(t, 30)
	w := v.view.composer
	if w.send.Face() == widget.SendText {
		t.Error("an empty text can be sent")
	}
	v.enter("bonjour")
	if got := v.Item(v.Len() - 1).Text; got != "bonjour" || w.edit.Text() != "" {
		t.Errorf("sent %q, the composer has %q", got, w.edit.Text())
	}
	if v.view.thread.Newest() != int64(v.Item(v.Len()-1).ID) || !v.view.thread.AtEnd() {
		t.Error("what was sent is not in sight")
	}
}

func TestViewKeepsTheTextThatWasNotSent(t *testing.T) {
	v := viewTalk(t, 3)
	v.fake.sendErr = app.ErrDiskFull
	w := v.view.composer
	below := w.Height(760)
	v.enter("important")
	if w.edit.Text() != "important" || w.wrong.Text() != lang.T("error.disk_full") || !w.wrong.Visible() {
		t.Errorf("the composer has %q and says %q", w.edit.Text(), w.wrong.Text())
	}
	if h := w.Height(760); h <= below || w.Size().Height != h {
		t.Errorf("the composer is %v high, wants %v", w.Size().Height, h)
	}
	w.edit.TypedRune('!')
	if w.wrong.Text() != "" || w.Size().Height != below {
		t.Error("the sentence outlives an edit")
	}
}

func TestViewTooLong(t *testing.T) {
	v := viewTalk(t, 3)
	w := v.view.composer
	w.edit.Insert(strings.Repeat("long ", app.MaxTextBytes/5+100))
	if w.counter.Text() == "" {
		t.Error("no counter")
	}
	p := theme.Current()
	if counterInk(9, 9)(p) != p.Ink3 || counterInk(10, 9)(p) != p.Danger {
		t.Error("the counter does not say which side of the limit the text is on")
	}
	v.enter("")
	if !strings.Contains(w.wrong.Text(), "Too long to send") || len(w.edit.Text()) < app.MaxTextBytes || v.Len() != 3 {
		t.Errorf("says %q, keeps %d bytes", w.wrong.Text(), len(w.edit.Text()))
	}
	if h := w.Height(760); h > 260 {
		t.Errorf("the composer is %v high", h)
	}
}

func TestViewComposerGrowsAndTheThreadKeepsItsEnd(t *testing.T) {
	v := viewTalk(t, 40)
	if h := v.view.composer.fieldHeight(760); h != 44 {
		t.Errorf("the field of one line is %v high", h)
	}
	v.view.composer.edit.Insert(strings.Repeat("line\n", 20))
	if h := v.view.composer.fieldHeight(760); h != 154 {
		t.Errorf("the field of many lines is %v high", h)
	}
	if !v.view.thread.AtEnd() || v.view.clip.Size().Height >= 600-154 {
		t.Errorf("the thread is %v high", v.view.clip.Size().Height)
	}
}

func TestViewJumpButton(t *testing.T) {
	v := viewTalk(t, 200)
	if v.view.jump.Visible() {
		t.Error("a jump button at the end")
	}
	for range 30 {
		v.view.thread.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 75)})
		v.settle()
	}
	if !v.view.jump.Visible() || v.Len() <= pageSize {
		t.Errorf("after scrolling up: button %v, %d loaded", v.view.jump.Visible(), v.Len())
	}
	v.Handle(app.MessageAdded{Message: v.fake.add(claire.ID, false, "below")})
	v.settle()
	if v.Below() != 1 {
		t.Errorf("%d below", v.Below())
	}
	v.view.jump.OnTapped()
	v.settle()
	if !v.view.thread.AtEnd() || v.view.jump.Visible() || v.Below() != 0 {
		t.Error("the button did not lead to the end")
	}
}

func TestViewMarksReadWhatIsInSight(t *testing.T) {
	v := viewTalk(t, 20, func(c *app.Chat) { c.Unread = 3 })
	v.Watch(true)
	v.settle()
	if len(v.fake.reads) != 1 || v.fake.reads[0] != v.Item(19).ID {
		t.Errorf("read %v", v.fake.reads)
	}
}

func TestViewBlocked(t *testing.T) {
	v := viewTalk(t, 3, func(c *app.Chat) { c.Contact.Blocked = true })
	w := v.view.composer
	var unblocked app.ContactID
	v.view.OnUnblock = func(id app.ContactID) { unblocked = id }
	if w.edit.Visible() || !w.closed.Visible() || w.button.Label() != lang.T("chat.unblock") {
		t.Errorf("a blocked contact: %q, button %q", w.closed.Text(), w.button.Label())
	}
	if v.win.Canvas().Focused() != fyne.Focusable(v.view.thread) {
		t.Error("the keyboard is not in the thread")
	}
	w.button.OnTapped()
	if unblocked != claire.ID {
		t.Error("the button does not unblock")
	}
	open := claire
	v.Handle(app.ContactChanged{Contact: open})
	if !w.edit.Visible() || w.closed.Visible() {
		t.Error("the composer is still closed")
	}
}

func TestViewEmptyChat(t *testing.T) {
	v := viewTalk(t, 0)
	if !v.view.empty.Visible() || v.view.unsure.Visible() {
		t.Error("a verified contact has no sentence")
	}
	v.enter("first")
	if v.view.empty.Visible() {
		t.Error("the sentence stands behind a message")
	}
	v = viewTalk(t, 0, func(c *app.Chat) { c.Contact.Trust = app.Proximity })
	if v.view.empty.Visible() || !v.view.unsure.Visible() {
		t.Error("a contact met in person has the wrong sentence")
	}
}

func TestViewTypingInTheThreadGoesToTheComposer(t *testing.T) {
	v := viewTalk(t, 5)
	v.win.Canvas().Focus(v.view.thread)
	v.view.thread.TypedRune('h')
	if v.view.composer.edit.Text() != "h" || !v.view.composer.edit.Focused() {
		t.Error("the letter was lost")
	}
}

func TestViewPagesFromTheComposer(t *testing.T) {
	v := viewTalk(t, 60)
	newest := v.view.thread.Newest()
	v.view.composer.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageUp})
	v.settle()
	if v.view.thread.Newest() >= newest || !v.view.composer.edit.Focused() {
		t.Error("the thread was not paged, or took the keyboard")
	}
	v.view.composer.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	v.settle()
	if !v.view.thread.AtEnd() {
		t.Error("not back at the end")
	}
	escaped := false
	v.win.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { escaped = true })
	v.view.composer.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !escaped {
		t.Error("Escape stays in the composer")
	}
}

func TestViewMessageMenuAndDetails(t *testing.T) {
	v := viewTalk(t, 4)
	v.fake.msgs[3].Own, v.fake.msgs[3].State, v.fake.msgs[3].Reason = true, app.StateFailed, app.ReasonKeys
	v.Handle(app.MessageStateChanged{Message: v.fake.msgs[3]})
	v.settle()
	v.view.menu(int64(v.fake.msgs[3].ID), fyne.NewPos(10, 10))
	c := v.win.Canvas()
	if c.Overlays().Top() == nil {
		t.Fatal("no menu")
	}
	v.view.menu(12345, fyne.NewPos(10, 10)) // a message that is gone
	c.Overlays().Remove(c.Overlays().Top())
	v.view.showDetails(v.fake.msgs[3].ID)
	if c.Overlays().Top() == nil {
		t.Fatal("no details")
	}
	word, why := stateWord(v.fake.msgs[3], claire.Name)
	if word != "Not sent" || !strings.Contains(why, "Claire Fontaine") {
		t.Errorf("details say %q, %q", word, why)
	}
	v.view.thread.OnRetry(int64(v.fake.msgs[3].ID))
	v.settle()
	if v.Item(3).State != app.StateQueued {
		t.Error("not tried again")
	}
}

// TestViewNotice: it stands in the thread in words, counts as nothing and has no menu.
func TestViewNotice(t *testing.T) {
	v := viewTalk(t, 4)
	m := app.Message{ID: 101, Contact: claire.ID, Notice: app.NoticeRenewed, At: testStart.Add(3 * time.Hour)}
	v.fake.msgs = append(v.fake.msgs, m)
	unread := v.unread
	v.Handle(app.MessageAdded{Message: m})
	v.settle()
	if got := newSource(v.Conversation).Item(4); !got.Notice || got.Text != "Session renewed" {
		t.Errorf("the thread shows %+v", got)
	}
	if v.unread != unread {
		t.Error("it counts as unread")
	}
	v.view.menu(101, fyne.NewPos(10, 10))
	if v.win.Canvas().Overlays().Top() != nil {
		t.Error("it has a menu")
	}
}

// TestViewNarrowAndLarge lays out the panes where they have the least room; nothing may
// leave its pane.
func TestViewNarrowAndLarge(t *testing.T) {
	for _, scale := range []float32{1, 2} {
		theme.SetScale(scale)
		v := viewTalk(t, 60, func(c *app.Chat) {
			c.Contact.Name = strings.Repeat("Ministerium ", 5)
		})
		v.win.Resize(fyne.NewSize(380, 520))
		v.view.ShowBack(true)
		for _, o := range test.WidgetRenderer(v.view).Objects() {
			if o.Visible() && (o.Position().X < 0 || o.Position().X+o.Size().Width > 380.5 || o.Position().Y+o.Size().Height > 520.5) {
				t.Errorf("scale %v: %T is at %v, %v", scale, o, o.Position(), o.Size())
			}
		}
	}
	theme.SetScale(1)
}

func viewList(t *testing.T) (*panes, *ListView) {
	t.Helper()
	test.NewTempApp(t)
	p := openList(t)
	v := NewListView(p.List)
	w := test.NewWindow(v)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(304, 600))
	return p, v
}

func TestListViewOpens(t *testing.T) {
	p, v := viewList(t)
	p.fill()
	p.Handle(app.PairingChanged{Pairing: app.Pairing{ID: "x", Phase: app.PhaseCodes, PeerName: "Nadia"}})
	hit := p.fake.add(2, false, "the contract")
	p.settle()
	var opened app.ContactID
	var verify app.PairingID
	var message app.MessageID
	v.OnOpen = func(id app.ContactID) { opened = id }
	v.OnVerify = func(id app.PairingID) { verify = id }
	v.OnMessage = func(_ app.ContactID, id app.MessageID) { message = id }
	v.chats.OnOpen(rowID(v.rows[0], 0))
	v.chats.OnOpen(2)
	if verify != "x" || opened != 2 {
		t.Errorf("opened %d, to verify %q", opened, verify)
	}
	p.Search("contract")
	p.tick(searchDelay)
	v.chats.OnOpen(rowID(v.rows[0], 0))
	if message != hit.ID {
		t.Errorf("went to message %d", message)
	}
	p.Search("nobody has this")
	if v.nothing.Visible() {
		t.Error("it says that nothing was found before that is known")
	}
	p.tick(searchDelay)
	if !v.nothing.Visible() || v.chats.Visible() {
		t.Error("nothing was found, and nothing says so")
	}
}

func TestListViewEmpty(t *testing.T) {
	p, v := viewList(t)
	p.Handle(app.Snapshot{})
	p.settle()
	if !v.nobody.Visible() || v.search.Visible() {
		t.Error("nobody is known, and nothing says so")
	}
	p.Handle(app.ContactAdded{Contact: contact(1, "Amina")})
	p.settle()
	if v.nobody.Visible() || !v.chats.Visible() {
		t.Error("the first contact is not shown")
	}
}

func TestRowItems(t *testing.T) {
	now := testStart.Add(time.Hour)
	names := func(app.ContactID) string { return "Claire" }
	own := func(s app.State) *app.Message {
		return &app.Message{Own: true, Text: "two\nlines", State: s}
	}
	row := func(c app.Chat) Row { c.Contact.Name = "Amina"; return Row{Chat: c} }
	for _, c := range []struct {
		what         string
		row          Row
		last, prefix string
		glyph        theme.IconName
		failed       bool
	}{
		{"queued", row(app.Chat{Last: own(app.StateQueued)}), "two lines", "", theme.IconQueued, false},
		{"delivered", row(app.Chat{Last: own(app.StateDelivered)}), "two lines", "", theme.IconDelivered, false},
		{"failed", row(app.Chat{Last: own(app.StateFailed)}), lang.T("list.not_sent"), "", "", true},
		{"theirs", row(app.Chat{Last: &app.Message{Text: "hi"}}), "hi", "", "", false},
		{"unknown", row(app.Chat{Last: &app.Message{Unknown: true}}), lang.T("list.unknown"), "", "", false},
		{"notice", row(app.Chat{Last: &app.Message{Notice: app.NoticeRenewed}}), "Session renewed", "", "", false},
		{"no message", row(app.Chat{Contact: app.Contact{Trust: app.Introduced}}), "Introduced by \u2068Claire\u2069", "", "", false},
		{"draft", Row{Draft: "half a", Chat: app.Chat{Last: own(app.StateQueued)}}, "half a", lang.T("list.draft"), "", false},
		{"pairing", Row{Kind: RowPairing, Pairing: app.Pairing{PeerName: "N"}}, lang.T("list.finish"), "", theme.IconRing, false},
	} {
		i := rowItem(c.row, 1, now, names)
		if i.Last != c.last || i.Prefix != c.prefix || i.Glyph != c.glyph || i.Failed != c.failed {
			t.Errorf("%s: %+v", c.what, i)
		}
	}
}

func TestOneLine(t *testing.T) {
	if got := oneLine(" a\n\tb  c "); got != "a b c" {
		t.Errorf("%q", got)
	}
	long := strings.Repeat("مرحبا ", 2000)
	if got := oneLine(long); len([]rune(got)) > lineRunes {
		t.Errorf("%d characters are laid out", len([]rune(got)))
	}
	if got := oneLine(strings.Repeat("👍🏽", 300)); !strings.HasPrefix(got, "👍🏽") {
		t.Errorf("%q", got)
	}
}
