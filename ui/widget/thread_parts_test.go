package widget

import (
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/ui/theme"
)

// newRichThread shows one message of each kind.
func newRichThread(t *testing.T) (*Thread, *items) {
	t.Helper()
	th, s := newTestThread(t, 1, 1)
	s.all = richItems()
	s.lo, s.hi = 0, len(s.all)
	th.Changed()
	th.ShowEnd()
	return th, s
}

// see brings a message into sight and returns its row.
func see(t *testing.T, th *Thread, id int64) *threadRow {
	t.Helper()
	th.ShowItem(id)
	r := th.rows[id]
	if r == nil {
		t.Fatalf("message %d is not in sight", id)
	}
	return r
}

// click presses the middle of the first target of a kind.
func click(t *testing.T, th *Thread, r *threadRow, k targetKind) {
	t.Helper()
	for i := range r.b.targets {
		if hit := &r.b.targets[i]; hit.kind == k {
			q := hit.rects[0]
			p := fyne.NewPos(r.x+q.X+q.W/2, r.y+q.Y+q.H/2)
			pressAt(th, p, desktop.MouseButtonPrimary)
			releaseAt(th, p)
			return
		}
	}
	t.Fatalf("message %d has no target %d", r.b.item.ID, k)
}

func TestThreadTargets(t *testing.T) {
	th, _ := newRichThread(t)
	var got []string
	say := func(s string) { got = append(got, s) }
	th.OnLink = func(url string) { say("link " + url) }
	th.OnQuote = func(id int64) { say("quote " + string(rune('0'+id))) }
	th.OnReaction = func(id int64, e string) { say("reaction " + e) }
	th.OnReact = func(int64, fyne.Position) { say("react") }
	th.OnFile = func(id int64, a ThreadFileAction) { say("file " + string(rune('0'+int(a)))) }
	th.OnPicture = func(int64) { say("picture") }
	th.OnState = func(int64, fyne.Position) { say("state") }
	click(t, th, see(t, th, 1), onLink)
	click(t, th, see(t, th, 2), onQuote)
	click(t, th, see(t, th, 2), onReaction)
	click(t, th, see(t, th, 2), onMoreReactions)
	click(t, th, see(t, th, 2), onState)
	click(t, th, see(t, th, 9), onFile)
	click(t, th, see(t, th, 10), onFile)
	click(t, th, see(t, th, 11), onFile)
	click(t, th, see(t, th, 12), onPicture)
	click(t, th, see(t, th, 13), onFile)
	want := []string{"link https://example.org/drafts/4", "quote 1", "reaction 👍", "react", "state", "file 2", "file 1", "file 4", "picture", "file 2"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
	for i := range see(t, th, 5).b.targets {
		if th.rows[5].b.targets[i].kind == onQuote {
			t.Error("a quote of what is gone can be pressed")
		}
	}
}

func TestThreadLinkCanBeSelected(t *testing.T) {
	th, _ := newRichThread(t)
	opened := 0
	th.OnLink = func(string) { opened++ }
	r := see(t, th, 1)
	i := strings.Index(r.b.doc.Shown, "https")
	x, y := r.b.text.Caret(i + 1)
	x2, _ := r.b.text.Caret(i + 5)
	from := fyne.NewPos(r.x+r.b.textX+x, r.y+r.b.textY+y+10)
	to := fyne.NewPos(r.x+r.b.textX+x2, from.Y)
	dragOver(th, from, to)
	releaseAt(th, to)
	if opened != 0 || th.SelectedText() != "ttps" {
		t.Errorf("opened %d, selected %q", opened, th.SelectedText())
	}
}

func TestThreadCopiesWhatWasTyped(t *testing.T) {
	th, s := newTestThread(t, 2, 2)
	s.all[0].Text, s.all[1].Text = "plain", "say **loud words** now"
	th.Changed()
	r := th.order[1]
	if got := string(r.b.text.Runes()); got != "say loud words now" {
		t.Fatalf("shown %q", got)
	}
	id := s.all[1].ID
	for _, c := range []struct {
		from, to int
		want     string
	}{{4, 14, "**loud words**"}, {4, 8, "loud"}, {0, 18, s.all[1].Text}, {9, 18, "words now"}} {
		th.sel = threadSelection{threadPos{id, c.from}, threadPos{id, c.to}}
		if got := th.SelectedText(); got != c.want {
			t.Errorf("%d to %d is %q, want %q", c.from, c.to, got, c.want)
		}
	}
	th.sel = threadSelection{threadPos{s.all[0].ID, 2}, threadPos{id, 8}}
	if got := th.SelectedText(); got != "ain\nsay loud" {
		t.Errorf("across two: %q", got)
	}
}

func TestThreadKeysReachEveryTarget(t *testing.T) {
	th, _ := newRichThread(t)
	see(t, th, 2)
	th.FocusGained()
	th.current = 2
	var got []string
	th.OnMenu = func(int64, fyne.Position) { got = append(got, "menu") }
	th.OnQuote = func(int64) { got = append(got, "quote") }
	th.OnState = func(int64, fyne.Position) { got = append(got, "state") }
	th.OnReaction = func(_ int64, e string) { got = append(got, e) }
	th.OnReact = func(int64, fyne.Position) { got = append(got, "react") }
	th.OnReply = func(int64) { got = append(got, "reply") }
	for range 8 {
		key(th, fyne.KeyReturn)
		key(th, fyne.KeyRight)
	}
	for range 9 {
		key(th, fyne.KeyLeft)
	}
	key(th, fyne.KeyReturn)
	ctrl := func(k fyne.KeyName) {
		th.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
	}
	ctrl(fyne.KeyR)
	ctrl(fyne.KeyE)
	want := []string{"menu", "quote", "state", "👍", "❤️", "react", "react", "react", "menu", "reply", "react"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	passed := false
	canvasOf(th).AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierControl}, func(fyne.Shortcut) { passed = true })
	th.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierControl})
	if !passed {
		t.Error("a shortcut of the window was lost in the thread")
	}
}

func TestThreadToolsFollowThePointer(t *testing.T) {
	th, _ := newRichThread(t)
	r := see(t, th, 2)
	move := func(p fyne.Position) { th.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}}) }
	move(fyne.NewPos(r.x+30, r.y+20))
	if th.tools.row != r || len(th.tools.shown) != 3 || !r.lit {
		t.Fatalf("tools %v beside %v", th.tools.shown, th.tools.row)
	}
	var replied, menu int64
	th.OnReply = func(id int64) { replied = id }
	th.OnMenu = func(id int64, _ fyne.Position) { menu = id }
	press := func(i int) {
		p := th.tools.at.AddXY((float32(i)+0.5)*theme.IconButtonSize, 18)
		move(p)
		if th.Cursor() != desktop.PointerCursor {
			t.Error("no hand over a button")
		}
		pressAt(th, p, desktop.MouseButtonPrimary)
		releaseAt(th, p)
	}
	press(1)
	press(2)
	if replied != 2 || menu != 2 {
		t.Errorf("replied %d, menu %d", replied, menu)
	}
	move(fyne.NewPos(r.x+30, r.y+20))
	wheel(th, -r.b.height-gapWriter)
	if th.tools.row != th.rows[3] || th.rows[2] == r && r.lit || !th.rows[3].lit {
		t.Error("the tools do not follow what is scrolled under the pointer")
	}
	th.MouseOut()
	if th.tools.row != nil || th.rows[3].lit {
		t.Error("the tools stay when the pointer has left")
	}
	for id, want := range map[int64]int{8: 1, 15: 0} {
		r := see(t, th, id)
		move(fyne.NewPos(r.x+10, r.y+10))
		if n := len(th.tools.shown); n != want {
			t.Errorf("message %d has %d tools, want %d", id, n, want)
		}
	}
}

// TestThreadSaysWhatHasNoRoom: the whole name of a file, and when a message disappears,
// show where the pointer rests.
func TestThreadSaysWhatHasNoRoom(t *testing.T) {
	th, s := newRichThread(t)
	h := NewHints()
	t.Cleanup(h.Close)
	var rested func()
	Later = func(_ time.Duration, f func()) func() { rested = f; return func() { rested = nil } }
	rest := func(p fyne.Position) string {
		rested, h.of = nil, nil
		th.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
		if rested == nil {
			return ""
		}
		rested()
		return h.word
	}
	th.Resize(fyne.NewSize(500, 600))
	r := see(t, th, 9)
	q := r.b.file.rect()
	if got := rest(fyne.NewPos(r.x+q.X+q.W/2, r.y+q.Y+10)); got != s.all[8].File.Name {
		t.Errorf("of a name that is cut: %q", got)
	}
	r = see(t, th, 10)
	q = r.b.file.rect()
	if got := rest(fyne.NewPos(r.x+q.X+q.W/2, r.y+q.Y+10)); got != "" {
		t.Errorf("of a name that is not cut: %q", got)
	}
	r = see(t, th, 4)
	if got := rest(fyne.NewPos(r.x+r.b.timerX+3, r.y+r.b.timeY+8)); !strings.Contains(got, "60 minutes") {
		t.Errorf("of a timer: %q", got)
	}
}

func TestThreadPictureTakesNoRoomWhenItComes(t *testing.T) {
	th, s := newRichThread(t)
	before := see(t, th, 12).b.height
	places := placesOf(t, th)
	s.pictures = map[int64]*image.RGBA{12: photograph(320, 200)}
	s.asked = nil
	th.Changed()
	r := th.rows[12]
	if r.pic.image == nil || r.b.height != before || r.pic.size != image.Pt(320, 200) {
		t.Errorf("%v high, was %v; asked for %v", r.b.height, before, r.pic.size)
	}
	expectStill(t, places, placesOf(t, th), "a picture that came")
	asked := len(s.asked)
	th.Changed()
	if slices.Contains(s.asked[asked:], 12) {
		t.Error("a picture that is there was asked for again")
	}
}

func TestThreadUnloadsPicturesOutOfSight(t *testing.T) {
	th, s := newTestThread(t, 400, 400)
	for i := range s.all {
		if i%3 == 0 {
			s.all[i].File = &ThreadFile{Picture: true, Width: 800, Height: 600, Share: -1, Action: FileExport}
		}
	}
	th.Changed()
	for range 200 {
		wheel(th, 75)
	}
	inSight := map[int64]bool{}
	for id, r := range th.rows {
		inSight[id] = r.pic.of == id
	}
	unloaded := map[int64]bool{}
	for _, id := range s.unloaded {
		unloaded[id] = true
	}
	checked := 0
	for _, id := range s.asked {
		if !inSight[id] {
			checked++
			if !unloaded[id] {
				t.Errorf("picture %d is out of sight and its load goes on", id)
			}
		}
	}
	if checked == 0 {
		t.Error("no picture went out of sight")
	}
	s.unloaded = nil
	th.SetSource(&items{})
	if len(s.unloaded) == 0 {
		t.Error("another source: the loads of the old one go on")
	}
}

func TestThreadTimerSteps(t *testing.T) {
	now := threadStart
	timer := ThreadTimer{Total: 12 * time.Minute, EndsAt: now.Add(12 * time.Minute)}
	for _, c := range []struct {
		after time.Duration
		left  int
		next  time.Duration
	}{{0, 12, time.Minute}, {time.Second, 12, 59 * time.Second}, {time.Minute, 11, time.Minute}, {11*time.Minute + time.Second, 1, 59 * time.Second}, {12 * time.Minute, 0, 0}, {time.Hour, 0, 0}} {
		at := now.Add(c.after)
		if left, next := timer.left(at), timer.next(at).Truncate(time.Second); left != c.left || next != c.next {
			t.Errorf("after %v: %d steps left, the next in %v; want %d, %v", c.after, left, next, c.left, c.next)
		}
	}
	if (ThreadTimer{Total: time.Hour}).left(now) != timerSteps || (ThreadTimer{Total: time.Hour}).next(now) != 0 {
		t.Error("a timer that has not begun steps")
	}
}

func TestThreadComesBackForATimer(t *testing.T) {
	th, s := newTestThread(t, 3, 3)
	var due time.Duration
	var tick func()
	Later = func(d time.Duration, f func()) func() { due, tick = d, f; return func() { tick = nil } }
	s.all[2].Timer = ThreadTimer{Total: time.Hour, EndsAt: time.Now().Add(40 * time.Minute)}
	th.Changed()
	if tick == nil || due <= 0 || due > 5*time.Minute+time.Second {
		t.Fatalf("comes back in %v", due)
	}
	if r := th.rows[s.all[2].ID]; r.step != 8 {
		t.Errorf("%d of 12 steps are left of 40 in 60 minutes", r.step)
	}
	s.all[2].Timer = ThreadTimer{}
	tick()
	if tick != nil && th.ticks.After(time.Now()) {
		t.Error("it comes back for nothing")
	}
}

func TestThreadFreshLine(t *testing.T) {
	th, s := newTestThread(t, 6, 6)
	for i := range s.all {
		s.all[i].At, s.all[i].Own = threadStart.Add(time.Duration(i)*time.Minute), false
	}
	s.all[0].Fresh, s.all[3].Fresh = true, true
	th.Changed()
	day, middle := th.above(0), th.above(3)
	if !day.fresh || !day.day || day.height <= day.dayHeight() {
		t.Errorf("with a day: %+v", day)
	}
	if !middle.fresh || middle.joined || th.above(4).fresh {
		t.Errorf("within a group: %+v", middle)
	}
	placesOf(t, th)
	if r := th.rows[s.all[3].ID]; !slices.Contains(r.box.Objects, fyne.CanvasObject(r.fresh.Raster)) {
		t.Error("the line is not drawn")
	}
}

// TestThreadNothingStandsOut: whatever comes, a bubble keeps within its room.
func TestThreadNothingStandsOut(t *testing.T) {
	long := strings.Repeat("ABCDEFGHIJ", 400)
	hard := append(richItems(),
		ThreadItem{Quote: &ThreadQuote{ID: 1, Name: long, Text: long}, Text: long},
		ThreadItem{Quote: &ThreadQuote{ID: 1, Name: strings.Repeat("محمد", 500), Text: strings.Repeat("> **", 5000)}},
		ThreadItem{File: &ThreadFile{Name: long + ".tar.gz", Detail: long, Share: 7, Action: FilePause}, Own: true, State: ThreadFailed, Note: long},
		ThreadItem{File: &ThreadFile{Name: "." + long}}, ThreadItem{File: &ThreadFile{}}, ThreadItem{File: &ThreadFile{Picture: true, Width: -5, Height: 1 << 40, Detail: long}},
		ThreadItem{File: &ThreadFile{Picture: true, Width: 1 << 40, Height: 1}, Text: long}, ThreadItem{File: &ThreadFile{Picture: true, Width: 1, Height: 20000}},
		ThreadItem{Text: "```\n" + long + "\n```\n> " + long + "\n**" + long + "**", Edited: true, Forwarded: true, Timer: ThreadTimer{Total: time.Hour}},
		ThreadItem{Text: strings.Repeat("*_~~`> ", 10_000)},
		ThreadItem{Text: "x", Reactions: slices.Repeat([]ThreadReaction{{strings.Repeat("👨‍👩‍👧‍👦", 5000), 1 << 40, true}, {"a long word", 100, false}}, 5000)},
		ThreadItem{Text: "x", Marks: []ThreadRange{{-5, 1 << 40}, {3, 1}}},
		ThreadItem{Unknown: true, File: &ThreadFile{}}, ThreadItem{Deleted: true, Text: long, Quote: &ThreadQuote{}},
	)
	newTestThread(t, 1, 1)
	for _, limit := range []float32{150, 258, 560} {
		for _, rtl := range []bool{false, true} {
			theme.SetRTL(rtl)
			for i, item := range hard {
				item.ID, item.At = int64(i+1), threadStart
				b := layBubble(item, limit)
				if b.width > limit+0.1 || b.box < theme.BubblePadY || b.height < b.box {
					t.Errorf("item %d in %v: %v wide, %v high", i, limit, b.width, b.height)
				}
				if b.chips != nil && len(b.chips.chips) > maxChips {
					t.Errorf("item %d: %d reactions", i, len(b.chips.chips))
				}
				for _, hit := range b.targets {
					for _, q := range hit.rects {
						if q.X < b.width-limit-0.1 || q.X+q.W > max(limit, b.width)+0.1 || q.Y < 0 || q.Y+q.H > b.height+0.1 {
							t.Errorf("item %d in %v: target %d at %+v of %v by %v", i, limit, hit.kind, q, b.width, b.height)
						}
					}
				}
			}
			theme.SetRTL(false)
		}
	}
}

func TestFitName(t *testing.T) {
	newTestThread(t, 1, 1)
	for _, c := range []struct{ name, begins, ends string }{
		{"Enquête sur les marchés publics version définitive.pdf", "Enquête", "ive.pdf"},
		{"التقرير النهائي عن المناقصات العمومية.docx", "التقرير", ".docx"},
		{strings.Repeat("a", 4000) + ".tar.gz", "aaa", ".gz"},
		{strings.Repeat("b", 4000), "bbb", "bbb"},
	} {
		got := fitName(c.name, theme.UIBold, 180)
		if !strings.HasPrefix(got, c.begins) || !strings.HasSuffix(got, c.ends) && len(c.name) < 1000 || strings.Count(got, "…") != 1 {
			t.Errorf("%.60q is cut to %q", c.name, got)
		}
	}
	if got := fitName("notes.txt", theme.UIBold, 180); got != "notes.txt" {
		t.Errorf("cut to %q", got)
	}
}
