package widget

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// inWindow shows o in a window of the test driver.
func inWindow(t *testing.T, o fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	setLook(t, theme.ModeLight, false, 1)
	w := test.NewWindow(o)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	return w
}

// heldTime is a clock that stands until a test moves it.
type heldTime struct {
	now     time.Duration
	waiting map[int]waiting
	next    int
}

type waiting struct {
	at time.Duration
	f  func()
}

// holdTime lets nothing happen later by itself.
func holdTime(t *testing.T) *heldTime {
	t.Helper()
	h := &heldTime{waiting: map[int]waiting{}}
	real := Later
	Later = func(d time.Duration, f func()) func() {
		n := h.next
		h.next++
		h.waiting[n] = waiting{h.now + d, f}
		return func() { delete(h.waiting, n) }
	}
	t.Cleanup(func() { Later = real })
	return h
}

// pass lets d go by.
func (h *heldTime) pass(d time.Duration) {
	h.now += d
	for n, w := range h.waiting {
		if w.at <= h.now {
			delete(h.waiting, n)
			w.f()
		}
	}
}

func keyEvent(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestButtonByPointerAndKeyboard(t *testing.T) {
	taps := 0
	b := NewButton(ButtonPrimary, "Confirm", func() { taps++ })
	w := inWindow(t, b, fyne.NewSize(200, 40))
	test.Tap(b)
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace, fyne.KeyEnter} {
		b.TypedKey(keyEvent(k))
	}
	if taps != 4 {
		t.Errorf("%d presses were reported, want 4", taps)
	}
	b.SetBusy(true)
	test.Tap(b)
	b.SetBusy(false)
	b.Disable()
	test.Tap(b)
	b.TypedKey(keyEvent(fyne.KeyReturn))
	if taps != 4 {
		t.Error("a busy or disabled button was pressed")
	}
	if w.Canvas().Focused() != nil {
		t.Error("a disabled button keeps the keyboard")
	}
}

func TestFocusShowsOnlyWhenItCameByKeyboard(t *testing.T) {
	b := NewButton(ButtonSecondary, "Stop", nil)
	w := inWindow(t, b, fyne.NewSize(200, 40))
	b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
	if w.Canvas().Focused() != b || b.ring {
		t.Errorf("after a press: focused %t, ring %t; want true, false", w.Canvas().Focused() == b, b.ring)
	}
	w.Canvas().Unfocus()
	w.Canvas().Focus(b)
	if !b.ring {
		t.Error("no ring after the Tab key")
	}
	w.Canvas().Unfocus()
	b.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonSecondary})
	if w.Canvas().Focused() != nil || b.pressed {
		t.Error("the secondary button pressed")
	}
}

func TestButtonWrapsInsteadOfCutting(t *testing.T) {
	b := NewButton(ButtonSecondary, "Enregistrer l’image comme fichier", nil)
	inWindow(t, b, fyne.NewSize(400, 60))
	if h := b.HeightFor(400); h != theme.ButtonHeight() {
		t.Errorf("%v high where one line has room", h)
	}
	if h := b.HeightFor(140); h < 2*theme.UIBold.LineHeight {
		t.Errorf("%v high where two lines are needed", h)
	}
}

func TestUnusedKeysReachTheWindow(t *testing.T) {
	b := NewButton(ButtonSecondary, "Stop", nil)
	w := inWindow(t, b, fyne.NewSize(200, 40))
	var got fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { got = e.Name })
	b.TypedKey(keyEvent(fyne.KeyEscape))
	if got != fyne.KeyEscape {
		t.Error("Escape on a button does not reach the window")
	}
	d := NewDialog(NewButton(ButtonPrimary, "Remove", nil))
	d.ShowOn(w.Canvas(), nil)
	got = ""
	d.card.content.(*ScrollBox).content.(*Button).TypedKey(keyEvent(fyne.KeyEscape))
	if got != "" || d.Open() {
		t.Errorf("Escape in a dialog: window got %q, dialog open %t", got, d.Open())
	}
}

func TestCentredTextBreaksBetweenWords(t *testing.T) {
	style := theme.TextStyle{Size: 28, LineHeight: 40, Semibold: true}
	w := newText(0)
	w.align = alignCentre
	w.set("Smaller text", style, theme.Current().Ink)
	b := w.fit(140)
	if word := text.Layout("Smaller", style, text.Options{}).Width; len(b.Lines) != 2 || b.Width < word {
		t.Errorf("%d lines, %v wide, but the longest word is %v", len(b.Lines), b.Width, word)
	}
}

func TestDialogGrowsWithTheText(t *testing.T) {
	t.Cleanup(func() { theme.SetScale(1) })
	w := inWindow(t, canvas.NewRectangle(transparent), fyne.NewSize(800, 600))
	for scale, want := range map[float32]float32{1: theme.CardMin, 1.25: 500, 2: theme.CardMax} {
		theme.SetScale(scale)
		d := NewDialog(canvas.NewRectangle(transparent))
		d.ShowOn(w.Canvas(), nil)
		if got := d.card.Size().Width; got != want {
			t.Errorf("at %v the card is %v wide, want %v", scale, got, want)
		}
		d.Close()
	}
}

func TestDialogGivesTheKeyboardBack(t *testing.T) {
	b := NewButton(ButtonSecondary, "Remove", nil)
	w := inWindow(t, b, fyne.NewSize(600, 400))
	w.Canvas().Focus(b)
	sure := NewButton(ButtonDanger, "Remove", nil)
	d := NewDialog(sure)
	closed := 0
	d.OnClosed = func() { closed++ }
	d.ShowOn(w.Canvas(), sure)
	if w.Canvas().Focused() != sure {
		t.Error("the dialog did not take the keyboard")
	}
	if c := d.card.Size(); c.Width != theme.CardMin {
		t.Errorf("the card is %v wide, want %v", c.Width, theme.CardMin)
	}
	d.Close()
	d.Close()
	if w.Canvas().Focused() != b || closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Errorf("after closing: keyboard back %t, told %d times", w.Canvas().Focused() == b, closed)
	}
}

func TestIconsInADialogSayTheirWord(t *testing.T) {
	w := inWindow(t, canvas.NewRectangle(transparent), fyne.NewSize(600, 400))
	closer := NewIconButton(theme.IconClose, "Close", nil)
	d := NewDialog(closer)
	d.ShowOn(w.Canvas(), closer)
	if d.hints.of != closer {
		t.Error("the word lies below the dialog")
	}
	if d.Close(); len(hintLayers) != 0 {
		t.Errorf("%d layers outlive their dialogs", len(hintLayers))
	}
}

func TestCentredTextLeavesNoWordAlone(t *testing.T) {
	setLook(t, theme.ModeLight, false, 1)
	w := newText(0)
	w.align = alignCentre
	w.set("Meet someone in person, or send them a link.", theme.UI, transparent)
	b := w.fit(264)
	if len(b.Lines) != 2 {
		t.Fatalf("%d lines, want 2", len(b.Lines))
	}
	if first, last := b.Lines[0].Width, b.Lines[1].Width; last < first/2 {
		t.Errorf("the lines are %v and %v wide", first, last)
	}
}

func TestTabs(t *testing.T) {
	var got []int
	tabs := NewTabs(func(i int) { got = append(got, i) }, "Mine", "Theirs")
	w := inWindow(t, tabs, fyne.NewSize(300, 36))
	test.Tap(tabs.tabs[1])
	test.Tap(tabs.tabs[1])
	w.Canvas().Focus(tabs.tabs[1])
	tabs.tabs[1].TypedKey(keyEvent(fyne.KeyLeft))
	if len(got) != 2 || got[0] != 1 || got[1] != 0 || tabs.Chosen() != 0 {
		t.Errorf("reports %v, chosen %d; want [1 0], 0", got, tabs.Chosen())
	}
	if w.Canvas().Focused() != tabs.tabs[0] {
		t.Error("the keyboard does not follow the arrow")
	}
	theme.SetRTL(true)
	tabs.tabs[0].TypedKey(keyEvent(fyne.KeyLeft))
	if tabs.Chosen() != 1 {
		t.Error("the arrows are not mirrored")
	}
}

func TestCodeInputTakesDigitsOfThreeScripts(t *testing.T) {
	c := NewCodeInput()
	inWindow(t, c, fyne.NewSize(360, 60))
	complete, submitted := 0, 0
	c.OnComplete = func() { complete++ }
	c.OnSubmitted = func() { submitted++ }
	c.TypedKey(keyEvent(fyne.KeyReturn))
	for _, r := range "4٨۲ -x9" {
		c.TypedRune(r)
	}
	if c.Code() != "4829" {
		t.Errorf("code is %q, want 4829", c.Code())
	}
	c.TypedKey(keyEvent(fyne.KeyBackspace))
	for _, r := range "913777" {
		c.TypedRune(r)
	}
	if c.Code() != "482913" || complete != 1 || submitted != 0 {
		t.Errorf("code %q, completed %d times, submitted %d times; want 482913, 1, 0", c.Code(), complete, submitted)
	}
	c.TypedKey(keyEvent(fyne.KeyReturn))
	if submitted != 1 {
		t.Error("Enter with six digits is not reported")
	}
	c.Disable()
	c.TypedKey(keyEvent(fyne.KeyDelete))
	if c.Code() != "482913" {
		t.Error("a disabled field was changed")
	}
}

func TestCodeInputPaste(t *testing.T) {
	for text, want := range map[string]string{
		"482 913": "482913", "code: 482-913.": "482913", "٤٨٢٩١٣": "482913", "4829137": "482913",
		"12345": "", "": "", "hello": "",
	} {
		c := NewCodeInput()
		app := test.NewTempApp(t)
		app.Clipboard().SetContent(text)
		c.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
		if c.Code() != want {
			t.Errorf("pasting %q gives %q, want %q", text, c.Code(), want)
		}
	}
}

func TestCodesAreNotMirrored(t *testing.T) {
	setLook(t, theme.ModeLight, true, 1)
	v := NewCodeView()
	v.SetCode("482913")
	w := test.NewWindow(v)
	defer w.Close()
	w.Resize(fyne.NewSize(352, 76))
	last := float32(-1)
	for _, o := range test.WidgetRenderer(v).Objects()[1:] {
		if x := o.Position().X; x <= last {
			t.Fatalf("a digit stands at %v, after one at %v", x, last)
		} else {
			last = x
		}
	}
}

func TestPassphraseField(t *testing.T) {
	f := NewPassphraseField("Passphrase", "hint")
	w := inWindow(t, f, fyne.NewSize(320, 90))
	var changed, submitted string
	f.OnChanged = func(s string) { changed = s }
	f.OnSubmitted = func(s string) { submitted = s }
	w.Canvas().Focus(f.Input())
	test.Type(f.Input(), "tulip")
	f.entry.TypedKey(keyEvent(fyne.KeyReturn))
	if changed != "tulip" || submitted != "tulip" || f.Text() != "tulip" {
		t.Errorf("changed %q, submitted %q, text %q", changed, submitted, f.Text())
	}
	if !f.focused {
		t.Error("the frame does not show the focus")
	}
	hidden := f.caret.Position().X
	if !f.caret.Visible() || hidden <= 0 {
		t.Errorf("the caret: visible %t, at %v", f.caret.Visible(), hidden)
	}
	if !f.entry.Password {
		t.Error("the secret is shown from the start")
	}
	test.Tap(f.eye)
	if f.entry.Password {
		t.Error("the eye does not reveal")
	}
	if f.caret.Position().X == hidden {
		t.Error("the caret stands where the hidden secret ended")
	}
	before := f.HeightFor(320)
	f.SetError("That is not it.")
	if f.HeightFor(320) != before {
		t.Error("an error shifts what follows")
	}
	f.Disable()
	if !f.entry.Disabled() || !f.eye.Disabled() {
		t.Error("a disabled field takes input")
	}
	if f.caret.Visible() {
		t.Error("a disabled field has a caret")
	}
}

func TestChatListKeepsToWhatIsInView(t *testing.T) {
	l := NewChatList()
	w := inWindow(t, l, fyne.NewSize(304, 600))
	items := make([]ChatItem, 5000)
	for i := range items {
		items[i] = ChatItem{ID: int64(i + 1), Name: strings.Repeat("n", i%20+1)}
	}
	l.SetItems(items)
	if len(l.rows) > 12 {
		t.Errorf("%d rows exist for 600 dp", len(l.rows))
	}
	var opened int64
	l.OnOpen = func(id int64) { opened = id }
	w.Canvas().Focus(l)
	l.TypedKey(keyEvent(fyne.KeyEnd))
	l.TypedKey(keyEvent(fyne.KeyUp))
	l.TypedKey(keyEvent(fyne.KeyReturn))
	if opened != 4999 {
		t.Errorf("opened %d, want 4999", opened)
	}
	if len(l.rows) > 12 {
		t.Errorf("%d rows exist after a jump", len(l.rows))
	}
	l.TypedKey(keyEvent(fyne.KeyHome))
	l.TypedKey(keyEvent(fyne.KeyPageDown))
	if l.cursor != 7 {
		t.Errorf("a page goes to row %d, want 7", l.cursor)
	}
	l.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -1e9)})
	if want := 5000*theme.RowHeight() - 600; l.offset != want {
		t.Errorf("scrolled to %v, want the end at %v", l.offset, want)
	}
}

func TestChatListKeepsItsCursorOnTheChat(t *testing.T) {
	l := NewChatList()
	w := inWindow(t, l, fyne.NewSize(304, 600))
	l.SetItems([]ChatItem{{ID: 1}, {ID: 2}, {ID: 3}})
	w.Canvas().Focus(l)
	l.TypedKey(keyEvent(fyne.KeyDown))
	l.SetItems([]ChatItem{{ID: 3}, {ID: 1}, {ID: 2}})
	if l.items[l.cursor].ID != 2 {
		t.Errorf("the cursor is on chat %d, want 2", l.items[l.cursor].ID)
	}
	l.SetItems(nil)
	l.TypedKey(keyEvent(fyne.KeyDown))
	l.TypedKey(keyEvent(fyne.KeyReturn)) // must not fail
	var menu int64
	l.SetItems([]ChatItem{{ID: 9}})
	l.OnMenu = func(id int64, _ fyne.Position) { menu = id }
	test.TapSecondary(l.rows[0])
	if menu != 9 {
		t.Errorf("the menu is for chat %d, want 9", menu)
	}
}

func TestChatRowFitsItsPartsIntoItsWidth(t *testing.T) {
	long := strings.Repeat("Donaudampfschiffahrt ", 8)
	for _, rtl := range []bool{false, true} {
		r := NewChatRow(ChatItem{Name: long, Trust: 3, Time: "20/12/2025", Prefix: "Draft:", Last: long, Unread: 500})
		inWindow(t, r, fyne.NewSize(304, theme.RowHeight()))
		theme.SetRTL(rtl)
		r.Refresh()
		for i, o := range test.WidgetRenderer(r).Objects() {
			if !o.Visible() {
				continue
			}
			if x := o.Position().X; x < 0 || x+o.Size().Width > 304 {
				t.Errorf("mirrored %t: part %d stands from %v to %v of 304", rtl, i, x, x+o.Size().Width)
			}
		}
	}
}

func TestMenu(t *testing.T) {
	ground := canvas.NewRectangle(transparent)
	w := inWindow(t, ground, fyne.NewSize(400, 300))
	var did []string
	item := func(label string, danger, disabled bool) MenuItem {
		return MenuItem{Label: label, Danger: danger, Disabled: disabled, Action: func() { did = append(did, label) }}
	}
	open := func() *Menu {
		return ShowMenu(w.Canvas(), fyne.NewPos(390, 290), item("remove", true, false), item("copy", false, false), item("paste", false, true))
	}
	m := open()
	if m.items[2].Label != "remove" || m.separator() != 2 {
		t.Error("the dangerous item is not last, after a separator")
	}
	if p := m.lines[2]; p.Position().X+p.Size().Width > 400 || p.Position().Y+p.Size().Height > 300 {
		t.Error("the menu leaves the window")
	}
	m.TypedKey(keyEvent(fyne.KeyDown))
	m.TypedKey(keyEvent(fyne.KeyDown)) // past the disabled one
	m.TypedKey(keyEvent(fyne.KeyReturn))
	if len(did) != 1 || did[0] != "remove" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("chosen %v; want remove, and the menu closed", did)
	}
	m = open()
	test.Tap(m.lines[1])
	if len(did) != 1 || w.Canvas().Overlays().Top() == nil {
		t.Error("a disabled item was chosen")
	}
	m.TypedKey(keyEvent(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close the menu")
	}
}

// tallBox needs more height the narrower it is.
type tallBox struct {
	fyne.Widget
	area float32
}

func newTallBox() *tallBox {
	return &tallBox{Widget: NewNote(""), area: 300000}
}

func (b *tallBox) HeightFor(width float32) float32 { return b.area / width }

func TestScrollBox(t *testing.T) {
	content := newTallBox()
	b := NewScrollBox(content)
	w := inWindow(t, b, fyne.NewSize(300, 400))
	// What is seen beyond the box's own 400, above and below it.
	seen := func() (y, above, below float32) {
		y = content.Position().Y + b.area.Position().Y
		return y, -b.area.Position().Y, b.area.Position().Y + b.area.Size().Height - b.Size().Height
	}
	if _, above, below := seen(); above != bleed || below != 0 {
		t.Errorf("at its top %v above and %v below are seen, want %v and 0", above, below, bleed)
	}
	if content.Size() != fyne.NewSize(300, 1000) {
		t.Errorf("the content is %v, want 300 x 1000", content.Size())
	}
	b.area.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -5000)})
	if y, above, below := seen(); y != -600 || above != 0 || below != bleed {
		t.Errorf("scrolled to %v with %v above and %v below, want the end at -600 with 0 and %v", y, above, below, bleed)
	}
	content.area = 240000
	test.WidgetRenderer(b.area).Layout(b.area.Size())
	if y, _, _ := seen(); y != -400 {
		t.Errorf("after the content shrank it stands at %v, want its new end at -400", y)
	}
	b.Reveal(100, 50)
	if y, above, below := seen(); y != -100 || above != 0 || below != 0 {
		t.Errorf("revealed at %v with %v above and %v below, want -100 with nothing", y, above, below)
	}
	w.Resize(fyne.NewSize(1000, 400))
	if y, above, below := seen(); y != 0 || content.Size().Height != 400 || above != bleed || below != bleed {
		t.Errorf("content that fits stands at %v, %v high, with %v above and %v below", y, content.Size().Height, above, below)
	}
}

func TestScrollBoxFollowsTheKeyboard(t *testing.T) {
	spacer := canvas.NewRectangle(transparent)
	spacer.SetMinSize(fyne.NewSize(10, 900))
	last := NewButton(ButtonPrimary, "Last", nil)
	b := NewScrollBox(container.NewVBox(spacer, last))
	w := inWindow(t, b, fyne.NewSize(300, 400))
	w.Canvas().Focus(last)
	driver := fyne.CurrentApp().Driver()
	if y := driver.AbsolutePositionForObject(last).Y; y < 0 || y+last.Size().Height > 400 {
		t.Errorf("what has the keyboard stands at %v of 400", y)
	}
}

func TestScrollBarThumb(t *testing.T) {
	test.NewTempApp(t)
	clock := holdTime(t)
	moved := float32(-1)
	b := newScrollBar(func(offset float32) { moved = offset })
	b.set(0, 10000, 100, false)
	if y, n := b.thumb(); y != 0 || n != theme.ScrollBarMin {
		t.Errorf("thumb at %v, %v long; want 0, %v", y, n, theme.ScrollBarMin)
	}
	b.set(9900, 10000, 100, false)
	if y, n := b.thumb(); y+n != 100 {
		t.Errorf("at the end the thumb ends at %v, want 100", y+n)
	}
	b.set(0, 200, 100, false)
	b.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 50)})
	if moved != 100 {
		t.Errorf("dragging to the end scrolls to %v, want 100", moved)
	}
	b.DragEnd()
	if b.set(0, 100, 100, true); b.shown {
		t.Error("a bar shows where nothing scrolls")
	}
	if b.set(5, 200, 100, true); !b.shown {
		t.Error("no bar while scrolling")
	}
	clock.pass(theme.ScrollBarStay)
	if b.shown {
		t.Error("the bar stays")
	}
}

func TestHintShowsTheWordOfAnIcon(t *testing.T) {
	b := NewIconButton(theme.IconAdd, "Add a contact", nil)
	hints := NewHints()
	defer hints.Close()
	w := inWindow(t, hints.Over(container.NewCenter(b)), fyne.NewSize(300, 200))
	w.Canvas().Focus(b)
	if hints.of != b || hints.word != "Add a contact" {
		t.Error("the keyboard does not bring the word")
	}
	w.Canvas().Unfocus()
	if hints.of != nil {
		t.Error("the word stays")
	}
	clock := holdTime(t)
	b.MouseIn(nil)
	if hints.of != nil {
		t.Error("the word comes before the pointer rests")
	}
	if clock.pass(theme.HintDelay); hints.of != b {
		t.Error("a resting pointer does not bring the word")
	}
	b.MouseOut()
	taps := 0
	b.OnTapped = func() { taps++ }
	test.TapCanvas(w.Canvas(), fyne.NewPos(150, 100))
	if taps != 1 {
		t.Error("the layer keeps presses from what lies below")
	}
}

func TestToast(t *testing.T) {
	toast := NewToast(76)
	inWindow(t, toast, fyne.NewSize(600, 400))
	clock := holdTime(t)
	toast.Say("Link copied.")
	plate := test.WidgetRenderer(toast).Objects()[0]
	if !plate.Visible() || plate.Position().Y+plate.Size().Height > 400-76 {
		t.Errorf("the toast ends at %v", plate.Position().Y+plate.Size().Height)
	}
	clock.pass(theme.ToastStay / 2)
	toast.Say("Image saved.")
	clock.pass(theme.ToastStay - 1)
	if !plate.Visible() {
		t.Error("a second toast leaves with the first one's time")
	}
	clock.pass(1)
	if plate.Visible() {
		t.Error("the toast stays")
	}
}

func TestCountdownRing(t *testing.T) {
	r := NewCountdownRing()
	inWindow(t, r, fyne.NewSize(28, 28))
	arc := test.WidgetRenderer(r).Objects()[1].(*canvas.Arc)
	r.Set(30*time.Second, 2*time.Minute)
	if arc.EndAngle != -90 {
		t.Errorf("a quarter is drawn to %v degrees, want -90", arc.EndAngle)
	}
	theme.SetRTL(true)
	r.Refresh()
	if arc.EndAngle != 90 {
		t.Errorf("mirrored, a quarter is drawn to %v degrees, want 90", arc.EndAngle)
	}
	r.Set(-time.Second, 2*time.Minute)
	if arc.Visible() {
		t.Error("something is left of nothing")
	}
}

func TestPillNumber(t *testing.T) {
	for n, want := range map[int]string{1: "1", 99: "99", 100: "99+", 12345: "99+"} {
		if got := pillNumber(n); got != want {
			t.Errorf("%d shows as %q, want %q", n, got, want)
		}
	}
}
