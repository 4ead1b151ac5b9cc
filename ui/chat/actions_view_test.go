package chat

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// labels are the words of a menu.
func labels(items []widget.MenuItem) (out []string) {
	for _, i := range items {
		out = append(out, i.Label)
	}
	return out
}

// choose does what an item of a menu says.
func choose(t *testing.T, items []widget.MenuItem, key string) {
	t.Helper()
	for _, i := range items {
		if i.Label == lang.T(key) {
			i.Action()
			return
		}
	}
	t.Fatalf("no %q among %q", lang.T(key), labels(items))
}

// buttons are those of the card that is open, by their words.
func (v *viewed) buttons() map[string]*widget.Button {
	found := map[string]*widget.Button{}
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if b, ok := o.(*widget.Button); ok && b.Visible() {
			found[b.Label()] = b
			return
		}
		if w, ok := o.(fyne.Widget); ok {
			for _, c := range test.WidgetRenderer(w).Objects() {
				walk(c)
			}
		}
		if c, ok := o.(*fyne.Container); ok {
			for _, c := range c.Objects {
				walk(c)
			}
		}
	}
	if top := v.win.Canvas().Overlays().Top(); top != nil {
		walk(top)
	}
	return found
}

// text is all that the open card says.
func (v *viewed) text() string {
	var all []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if l, ok := o.(*widget.Label); ok {
			all = append(all, plain(l.Text()))
			return
		}
		if w, ok := o.(fyne.Widget); ok {
			for _, c := range test.WidgetRenderer(w).Objects() {
				walk(c)
			}
		}
	}
	if top := v.win.Canvas().Overlays().Top(); top != nil {
		walk(top)
	}
	return strings.Join(all, "\n")
}

func TestViewMenuOffersWhatCanBeDone(t *testing.T) {
	v := viewTalk(t, 4)
	has := func(m app.Message, keys ...string) {
		t.Helper()
		var want []string
		for _, k := range keys {
			want = append(want, lang.T(k))
		}
		if got := labels(v.view.menuItems(m)); !slices.Equal(got, want) {
			t.Errorf("the menu is %q, want %q", got, want)
		}
	}
	own, theirs := v.Item(3), v.Item(1)
	has(own, "menu.reply", "menu.edit", "menu.copy", "menu.forward", "menu.message_details", "menu.delete")
	has(theirs, "menu.reply", "menu.copy", "menu.forward", "menu.message_details", "menu.delete")
	gone := theirs
	gone.Deleted, gone.Text = true, ""
	has(gone, "menu.message_details", "menu.delete")
	file := theirs
	file.Text, file.File = "", &app.File{Name: "a", State: app.FileMoving}
	has(file, "menu.reply", "menu.cancel_file", "menu.message_details", "menu.delete")
	file.File = &app.File{Name: "a", State: app.FileDone}
	has(file, "menu.reply", "menu.save_as", "menu.forward", "menu.message_details", "menu.delete")
	unknown := theirs
	unknown.Text, unknown.Unknown = "", true
	has(unknown, "menu.message_details", "menu.delete")
}

func TestViewReplyBar(t *testing.T) {
	v := viewTalk(t, 6)
	before := v.view.composer.Height(760)
	choose(t, v.view.menuItems(v.Item(4)), "menu.reply")
	w := v.view.composer
	if h := w.Height(760); h <= before || !w.edit.Focused() {
		t.Errorf("the composer is %v high, was %v; keyboard %v", h, before, w.edit.Focused())
	}
	strip := w.bars.of[barKey{barAnswer, int(v.Item(4).ID)}]
	if strip == nil || plain(strip.title.Text()) != "Answer to Claire Fontaine" || strip.line.Text() != "message 4" {
		t.Fatalf("the strip is %+v", strip)
	}
	w.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if _, on := v.Answering(); on || w.Height(760) != before {
		t.Error("Escape does not cancel the answer")
	}
}

func TestViewEditsWithUp(t *testing.T) {
	v := viewTalk(t, 6)
	w := v.view.composer
	w.edit.TypedRune('x')
	w.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if _, on := v.Editing(); on {
		t.Error("Up in a text begins an edit")
	}
	w.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	w.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if w.edit.Text() != "message 3" || !w.attach.Disabled() {
		t.Errorf("the composer has %q", w.edit.Text())
	}
	v.enter("!")
	if w.edit.Text() != "" || v.Item(3).Text != "message 3!" {
		t.Errorf("the composer has %q, the message %q", w.edit.Text(), v.Item(3).Text)
	}
}

func TestViewDeleteAsksWhere(t *testing.T) {
	v := viewTalk(t, 4)
	choose(t, v.view.menuItems(v.Item(3)), "menu.delete")
	b := v.buttons()
	if len(b) != 3 || b[lang.T("delete.both")] == nil || !strings.Contains(v.text(), "Claire Fontaine may have read") {
		t.Fatalf("the card says %q and has %d buttons", v.text(), len(b))
	}
	b[lang.T("delete.both")].OnTapped()
	choose(t, v.view.menuItems(v.Item(1)), "menu.delete")
	if b = v.buttons(); len(b) != 2 {
		t.Errorf("of somebody else's message there are %d buttons", len(b))
	}
	b[lang.T("delete.here")].OnTapped()
	choose(t, v.view.menuItems(v.Item(0)), "menu.delete")
	v.buttons()[lang.T("details.cancel")].OnTapped()
	v.settle()
	got := v.fake.told()
	slices.Sort(got)
	if !slices.Equal(got, []string{"delete 3 false", "delete 7 true"}) {
		t.Errorf("told %q", got)
	}
}

func TestViewLinkCard(t *testing.T) {
	v := viewTalk(t, 4)
	var opened []string
	v.view.OnOpenLink = func(link string) error {
		opened = append(opened, link)
		return nil
	}
	for _, c := range []struct{ link, says, not string }{
		{"https://example.org/path?q=1", "example.org", lang.T("link.strange")},
		{"https://www.pаypal.com/", lang.T("link.strange"), ""}, // with a Cyrillic а
		{"https://bank.example@evil.example/", "The link leads to evil.example", ""},
		{"http://example.org", lang.T("link.plain"), ""},
		{"mailto:claire@example.org", lang.T("link.mail"), lang.T("link.plain")},
	} {
		v.view.confirmLink(c.link)
		f := examine(c.link)
		said := v.text() + plain(strings.Join(append(f.warnings, f.notes...), " "))
		if got, want := v.notes(), len(f.warnings)+len(f.notes); got != want {
			t.Errorf("%s: the card has %d notes, want %d", c.link, got, want)
		}
		if !strings.Contains(said, plain(c.says)) || c.not != "" && strings.Contains(said, c.not) {
			t.Errorf("%s: the card says %q", c.link, said)
		}
		if len(opened) != 0 {
			t.Fatalf("%s was opened unasked", c.link)
		}
		v.buttons()[lang.T("details.cancel")].OnTapped()
	}
	v.view.confirmLink("https://example.org/yes")
	v.buttons()[lang.T("link.open")].OnTapped()
	if !slices.Equal(opened, []string{"https://example.org/yes"}) {
		t.Errorf("opened %q", opened)
	}
	v.view.OnOpenLink = func(string) error { return errors.New("no browser") }
	v.view.follow("https://example.org/no")
	if v.view.composer.wrong.Text() != lang.T("error.link_not_opened") {
		t.Errorf("it says %q", v.view.composer.wrong.Text())
	}
}

// notes counts the notes and warnings of the open card.
func (v *viewed) notes() (n int) {
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if _, ok := o.(*widget.Note); ok {
			n++
			return
		}
		if w, ok := o.(fyne.Widget); ok {
			for _, c := range test.WidgetRenderer(w).Objects() {
				walk(c)
			}
		}
	}
	walk(v.win.Canvas().Overlays().Top())
	return n
}

func TestViewTimer(t *testing.T) {
	v := viewTalk(t, 4)
	v.view.timerMenu()
	if v.win.Canvas().Overlays().Top() == nil {
		t.Fatal("no menu")
	}
	v.win.Canvas().Overlays().Remove(v.win.Canvas().Overlays().Top())
	v.view.setTimer(time.Hour)
	v.settle()
	if got := v.fake.told(); !slices.Equal(got, []string{"timer 7 1h0m0s"}) {
		t.Errorf("told %q", got)
	}
	chat := v.Chat()
	chat.Timer = time.Hour
	v.Handle(app.ChatChanged{Chat: chat})
	if got := plain(statusWord(v.Conversation, v.view.names, testStart)); !strings.Contains(got, "1 hour") {
		t.Errorf("the header says %q", got)
	}
	v.view.askTimer()
	if v.buttons()[lang.T("timer.set")] == nil {
		t.Error("no card for an own value")
	}
}

func TestViewForward(t *testing.T) {
	v := viewTalk(t, 4)
	v.view.Chats = func() []app.Chat {
		return []app.Chat{{Contact: contact(3, "Amina")}, {Contact: contact(4, "Papa")}}
	}
	v.view.forward(v.Item(1))
	if b := v.buttons()[lang.T("forward.none")]; b == nil || !b.Disabled() {
		t.Fatal("it can be sent to nobody")
	}
	var list *widget.ChatList
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.ChatList:
			list = o
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(v.win.Canvas().Overlays().Top())
	list.OnOpen(4)
	list.OnOpen(3)
	v.buttons()[lang.N("forward.send", 2)].OnTapped()
	v.settle()
	if got := v.fake.told(); !slices.Equal(got, []string{"forward 3 [3 4]"}) {
		t.Errorf("told %q", got)
	}
}

func TestViewFinder(t *testing.T) {
	v := viewTalk(t, 60)
	v.view.FocusSearch()
	f := v.view.finder
	if !f.Visible() || !f.field.edit.Focused() || v.view.clip.Position().Y < f.Position().Y+f.Size().Height {
		t.Fatalf("the search is %v at %v", f.Visible(), f.Position())
	}
	for _, r := range "message 4" {
		f.field.edit.TypedRune(r)
	}
	v.tick(searchDelay)
	if plain(f.count.Text()) != "1 of 11" {
		t.Errorf("it says %q", f.count.Text())
	}
	f.field.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	v.settle()
	if plain(f.count.Text()) != "2 of 11" {
		t.Errorf("it says %q", f.count.Text())
	}
	f.field.edit.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.Visible() || !v.view.composer.edit.Focused() {
		t.Error("Escape does not lead back to writing")
	}
}

func TestViewDetailsSayWhoCouldKnow(t *testing.T) {
	v := viewTalk(t, 4)
	m := v.fake.msgs[1]
	m.Path, m.EditedAt, m.Timer = app.PathLAN, testStart, time.Hour
	m.Reactions = []app.Reaction{{Emoji: "👍", Own: true, At: testStart}}
	v.Handle(app.MessageChanged{Message: m})
	v.view.showDetails(m.ID)
	v.settle()
	said := v.text()
	for _, want := range []string{
		"what it said before", lang.T("know.lan_what"), lang.T("know.path_lan"), "Someone listening", "👍 You",
		lang.T("message.timer_waits"), "1 hour",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the details lack %q: %q", want, said)
		}
	}
	if k := knowers(app.Message{Own: true, State: app.StateQueued}, "Claire"); len(k) != 1 {
		t.Errorf("%d could know of what never left", len(k))
	}
	if k := knowers(app.Message{Own: true, State: app.StateDelivered}, "Claire"); len(k) != 2 {
		t.Errorf("%d could know of what went nobody knows how", len(k))
	}
}

func TestViewAttachedFiles(t *testing.T) {
	v := viewTalk(t, 4)
	w := v.view.composer
	before := w.Height(760)
	v.view.Drop([]string{writeFile(t, "a.png", "x"), writeFile(t, "b.pdf", "y")})
	v.settle()
	if len(w.bars.order) != 2 || w.send.Disabled() || !w.bars.hasPicture() {
		t.Fatalf("strips %v, send disabled %v", w.bars.order, w.send.Disabled())
	}
	two := w.Height(760)
	w.bars.of[w.bars.order[0]].cross.OnTapped()
	if len(v.Attached()) != 1 || w.Height(760) >= two || w.bars.hasPicture() {
		t.Errorf("attached %+v", v.Attached())
	}
	v.enter("")
	if f := v.Item(v.Len() - 1).File; f == nil || f.Name != "b.pdf" || w.Height(760) != before {
		t.Errorf("sent %+v; the composer is %v high, was %v", f, w.Height(760), before)
	}
	many := slices.Repeat([]string{writeFile(t, "c", "z")}, maxAttached)
	v.view.Drop(many)
	v.settle()
	if h := w.Height(760); h > 420 {
		t.Errorf("with %d files the composer is %v high", maxAttached, h)
	}
}

func TestViewFileActions(t *testing.T) {
	v := viewTalk(t, 4)
	m := v.Item(1)
	m.File = &app.File{Name: "report.pdf", State: app.FileDone, Size: 3}
	v.Handle(app.MessageChanged{Message: m})
	v.settle()
	var asked string
	v.view.OnSave = func(name string, done func(string)) {
		asked = name
		done("/there/report.pdf")
	}
	saved := ""
	v.view.OnSaved = func(path string) { saved = path }
	v.view.thread.OnFile(int64(m.ID), widget.FileExport)
	v.settle()
	if asked != "report.pdf" || saved != "/there/report.pdf" {
		t.Errorf("asked for %q, saved %q", asked, saved)
	}
	v.view.thread.OnFile(int64(m.ID), widget.FileFetch)
	v.settle()
	v.view.thread.OnFile(int64(m.ID), widget.FilePause)
	v.settle()
	v.fake.noteErr = app.ErrDiskFull
	v.view.thread.OnFile(int64(m.ID), widget.FileExport)
	v.settle()
	want := []string{"export 3 /there/report.pdf", "fetch 3", "pause 3", "export 3 /there/report.pdf"}
	if got := v.fake.told(); !slices.Equal(got, want) || v.view.composer.wrong.Text() != lang.T("error.file_no_room") {
		t.Errorf("told %q, it says %q", got, v.view.composer.wrong.Text())
	}
}

// TestViewUnreadablePicture: what claims to be a picture and is none is shown as a file.
func TestViewUnreadablePicture(t *testing.T) {
	p := openPane(t, 4)
	src := newSource(p.Conversation)
	m := p.Item(1)
	m.File = &app.File{Name: "a.png", Type: "image/png", Width: 40, Height: 30, State: app.FileDone, Size: 3}
	p.Handle(app.MessageChanged{Message: m})
	if f := src.Item(1).File; !f.Picture {
		t.Fatalf("the file is %+v", f)
	}
	p.OnTimeline = func(Where, app.MessageID) { src.changed() }
	if src.Picture(int64(m.ID), 40, 30) != nil {
		t.Error("a picture of nothing")
	}
	p.settle()
	if f := src.Item(1).File; f.Picture {
		t.Errorf("the file is %+v", f)
	}
}

func TestListMenu(t *testing.T) {
	p, v := viewList(t)
	p.fill()
	p.settle()
	chat, _ := p.Chat(1)
	choose(t, v.menuItems(chat), "menu.pin")
	p.settle()
	chat.Pinned, chat.Muted, chat.Hidden, chat.MarkedUnread = true, true, true, true
	got := labels(v.menuItems(chat))
	want := []string{"menu.open_details", "menu.mark_read", "menu.unpin", "menu.unmute", "menu.archive", "menu.unhide"}
	for i := range want {
		want[i] = lang.T(want[i])
	}
	if !slices.Equal(got, want) || len(p.fake.told()) != 1 {
		t.Errorf("the menu is %q", got)
	}
}

// TestViewBarsNarrowAndLarge: nothing of the strips leaves the pane.
func TestViewBarsNarrowAndLarge(t *testing.T) {
	theme.SetScale(2)
	defer theme.SetScale(1)
	v := viewTalk(t, 6)
	v.win.Resize(fyne.NewSize(380, 520))
	v.view.answer(int64(v.Item(4).ID))
	v.view.FocusSearch()
	v.settle()
	for _, w := range []fyne.Widget{v.view, v.view.composer, v.view.finder} {
		for _, o := range test.WidgetRenderer(w).Objects() {
			if o.Visible() && (o.Position().X < 0 || o.Position().X+o.Size().Width > 380.5) {
				t.Errorf("%T is at %v, %v", o, o.Position(), o.Size())
			}
		}
	}
}

var _ layout.Tall = (*bar)(nil)
