package ui

import (
	"fmt"
	"image/color"
	"image/png"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/profiles"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

// area is a rectangle of the window, in dp.
type area struct{ x0, y0, x1, y1 float32 }

func areaOf(p fyne.Position, s fyne.Size) area { return area{p.X, p.Y, p.X + s.Width, p.Y + s.Height} }

func (a area) meet(b area) area {
	return area{max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1)}
}
func (a area) wide() float32 { return a.x1 - a.x0 }
func (a area) high() float32 { return a.y1 - a.y0 }

func (a area) String() string {
	return fmt.Sprintf("(%.0f,%.0f %.0fx%.0f)", a.x0, a.y0, a.wide(), a.high())
}

// shownText is a text that is shown, and where.
type shownText struct {
	block *text.Block
	at    area // of its lines
	seen  area // what of that no scrolling box hides
	path  []fyne.CanvasObject

	covered bool // a pane lies on it, or on a part of it
}

func (s shownText) String() string {
	words := []rune(lang.Plain(string(s.block.Runes())))
	if len(words) > 40 {
		words = append(words[:40:40], '…')
	}
	return fmt.Sprintf("%q %v", string(words), s.at)
}

// scrolls reports whether the text is in a field, where what does not fit is scrolled to.
func (s shownText) scrolls() bool {
	return slices.ContainsFunc(s.path, func(o fyne.CanvasObject) bool {
		_, ok := o.(interface{ SelectedText() string })
		return ok && len(s.block.Lines) == 1 && !s.block.Truncated
	})
}

// target is something that can be pressed.
type target struct {
	of   fyne.CanvasObject
	at   area
	seen area
	path []fyne.CanvasObject
}

// tree is what stands in a window: its texts and what can be pressed.
type tree struct {
	blocks  map[*canvas.Raster]*text.Block
	texts   []shownText
	targets []target
	wrong   []string
}

// slack is by how much things may miss each other without anybody seeing it.
const slack = 1.5

// walk goes through what is under o. clip is what can be seen there; box is the nearest
// widget around it.
func (w *tree) walk(o fyne.CanvasObject, origin fyne.Position, clip area, path []fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	at := origin.Add(o.Position())
	here := areaOf(at, o.Size())
	switch o := o.(type) {
	case *canvas.Raster:
		w.raster(o, here, clip, path)
		return
	case *canvas.Rectangle:
		w.cover(o, here.meet(clip))
		return
	case *container.Clip:
		clip = clip.meet(here)
	}
	path = append(path[:len(path):len(path)], o)
	if pressable(o) {
		w.targets = append(w.targets, target{o, here, here.meet(clip), path})
	}
	if _, scrolls := o.(fyne.Scrollable); scrolls && !isCover(o) {
		clip = clip.meet(here)
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			w.walk(child, at, clip, path)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			w.walk(child, at, clip, path)
		}
	}
}

// pane is how large a ground has to be to count as one: what it covers is not there.
const pane float32 = 150

// cover takes away what lies under the ground of a pane that slid over another.
func (w *tree) cover(r *canvas.Rectangle, here area) {
	fill, ok := r.FillColor.(color.NRGBA)
	if !ok || fill.A < 255 || here.wide() < pane || here.high() < pane {
		return
	}
	rest := func(seen area) area {
		if both := seen.meet(here); both.wide() <= 0 || both.high() <= 0 {
			return seen
		}
		switch {
		case seen.x0 < here.x0:
			seen.x1 = here.x0
		case seen.x1 > here.x1:
			seen.x0 = here.x1
		default:
			seen = area{}
		}
		return seen
	}
	for i := range w.texts {
		w.texts[i].covered = rest(w.texts[i].seen) != w.texts[i].seen
		w.texts[i].seen = rest(w.texts[i].seen)
	}
	for i := range w.targets {
		w.targets[i].seen = rest(w.targets[i].seen)
	}
}

// isCover reports whether o takes the wheel so that nothing below gets it.
func isCover(o fyne.CanvasObject) bool {
	_, ok := o.(*widget.Dialog)
	return ok
}

// pressable reports whether o is something small to press: not a layer over the window,
// nor what is written into.
func pressable(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *widget.Dialog, *widget.Menu, *widget.Thread, *widget.Editor, *widget.ScrollBox:
		return false
	}
	if _, written := o.(interface{ SelectedText() string }); written {
		return false
	}
	d, off := o.(fyne.Disableable)
	_, tapped := o.(fyne.Tappable)
	_, focused := o.(fyne.Focusable)
	return tapped && focused && (!off || !d.Disabled())
}

func (w *tree) raster(r *canvas.Raster, here, clip area, path []fyne.CanvasObject) {
	b := w.blocks[r]
	if b == nil || len(b.Runes()) == 0 || here.wide() <= 0 {
		return
	}
	margin := (here.high() - b.Height) / 2
	lines := area{here.x1, here.y0 + margin, here.x0, here.y0 + margin + b.Height}
	for _, l := range b.Lines {
		left := here.x0 + b.Overhang() + l.X
		lines.x0, lines.x1 = min(lines.x0, left), max(lines.x1, left+l.Width)
	}
	room := here
	room.x0, room.x1 = room.x0+b.Overhang(), room.x1-b.Overhang()
	s := shownText{block: b, at: lines, seen: lines.meet(clip), path: path}
	w.texts = append(w.texts, s)
	if s.scrolls() {
		w.texts = w.texts[:len(w.texts)-1]
		return
	}
	if lines.x0 < room.x0-slack || lines.x1 > room.x1+slack {
		w.say("%v is wider than its room of %.0f", s, room.wide())
	}
}

func (w *tree) say(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

// check looks at everything that was found, in a window of a size.
func (w *tree) check(size fyne.Size) {
	for _, s := range w.texts {
		w.checkText(s, size)
	}
	for i, s := range w.texts {
		for _, other := range w.texts[i+1:] {
			if both := s.seen.meet(other.seen); both.wide() > slack && both.high() > slack {
				w.say("%v lies on %v", s, other)
			}
		}
		for _, t := range w.targets {
			if _, dots := t.of.(*widget.DotsButton); dots || slices.Contains(s.path, t.of) {
				continue // what can be hit of the dots reaches beyond what is drawn of them
			}
			if both := s.seen.meet(t.seen); both.wide() > slack && both.high() > slack {
				w.say("%v lies on %T %q %v", s, t.of, wordOf(t.of), t.at)
			}
		}
	}
	for i, t := range w.targets {
		if t.at.wide() < least || t.at.high() < least {
			w.say("%T %q is only %v", t.of, wordOf(t.of), t.at)
		}
		for _, other := range w.targets[i+1:] {
			if slices.Contains(other.path, t.of) || slices.Contains(t.path, other.of) {
				continue
			}
			if both := t.seen.meet(other.seen); both.wide() > slack && both.high() > slack {
				w.say("%T %q %v lies on %T %q %v", t.of, wordOf(t.of), t.at, other.of, wordOf(other.of), other.at)
			}
		}
	}
}

// least is the smallest side of anything to be pressed.
const least float32 = 36

func (w *tree) checkText(s shownText, size fyne.Size) {
	scrolled := false
	for _, o := range s.path {
		if _, ok := o.(*widget.ScrollBox); ok {
			scrolled = true
		}
	}
	if s.at.x0 < -slack || s.at.x1 > size.Width+slack || !scrolled && (s.at.y0 < -slack || s.at.y1 > size.Height+slack) {
		w.say("%v is outside of the window", s)
	}
	if s.seen.wide() > 0 && !s.covered && s.at.wide()-s.seen.wide() > slack {
		w.say("%v is cut at its side: %v", s, s.seen)
	}
	if content(string(s.block.Runes())) {
		return
	}
	if s.block.Truncated {
		w.say("%v is cut short", s)
	}
	if word := broken(s.block); word != "" {
		w.say("%v: %q is broken", s, word)
	}
}

// content reports whether a text is what people wrote, or for machines: it may be cut short.
func content(s string) bool {
	for _, part := range []string{"Alexandra", "Bonjour", "TACIT", "node.example", "192.0.2", "/", "://", "12345", "Amina", "Bureau", "AAAA"} {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// broken returns a word that goes on in the next line.
func broken(b *text.Block) string {
	rs := b.Runes()
	for i := range len(b.Lines) - 1 {
		end := b.Lines[i].End
		if end < 1 || end >= len(rs) || !unicode.IsLetter(rs[end-1]) || !unicode.IsLetter(rs[end]) {
			continue
		}
		from, to := end, end
		for from > 0 && !unicode.IsSpace(rs[from-1]) {
			from--
		}
		for to < len(rs) && !unicode.IsSpace(rs[to]) {
			to++
		}
		return string(rs[from:to])
	}
	return ""
}

// look is one way in which a screen is laid out.
type look struct {
	tag   string
	scale int // of text, in percent
}

var sizes = []fyne.Size{
	{Width: theme.WindowMinWidth, Height: theme.WindowMinHeight}, {Width: 800, Height: 600}, {Width: theme.WindowWidth, Height: theme.WindowHeight},
}

// TestNothingIsCut lays out every screen in every language, at the least, the normal and the
// greatest size of text, in small and large windows: no word is cut or broken, nothing lies on
// anything else, and whatever can be pressed is large enough to hit.
func TestNothingIsCut(t *testing.T) {
	found := map[string][]string{} // what is wrong, and where
	for _, l := range []look{{"fr", 80}, {"en", 100}, {"fr", 100}, {"ar", 100}, {"en", 200}, {"fr", 200}, {"ar", 200}} {
		for _, sc := range screens() {
			name := fmt.Sprintf("%s %d %s", l.tag, l.scale, sc.name)
			t.Run(name, func(t *testing.T) {
				for _, wrong := range layOut(t, l, sc) {
					found[wrong] = append(found[wrong], name)
					t.Fail()
				}
			})
		}
	}
	report(t, found)
}

// report writes each kind of fault once.
func report(t *testing.T, found map[string][]string) {
	var all []string
	for wrong, where := range found {
		all = append(all, fmt.Sprintf("%s: %s", strings.Join(where, ", "), wrong))
	}
	sort.Strings(all)
	for _, line := range all {
		t.Error(line)
	}
}

// layOut shows a screen at each size and returns what is wrong with it.
func layOut(t *testing.T, l look, sc screen) (wrong []string) {
	w := tree{blocks: map[*canvas.Raster]*text.Block{}}
	t.Cleanup(widget.WatchTexts(func(r *canvas.Raster, b *text.Block) { w.blocks[r] = b }))
	s, m := openWith(t, &place{all: []profiles.Entry{{Number: 1}, {Number: 2, Label: "Bureau"}}}, Options{Size: sizes[0], Locale: l.tag})
	t.Cleanup(func() {
		speak("", "en")
		theme.SetScale(1)
	})
	s.look.Size = l.scale
	s.applyLook()
	furnish(s, m)
	s.w.win.Resize(sizes[0])
	letGo(m)
	sc.show(t, s, m)
	letGo(m)
	for _, size := range sizes {
		if sc.narrow && size.Width >= theme.OnePane || l.scale < 100 && size != sizes[0] || l.scale == 100 && size == sizes[1] {
			continue // what is small has room where what is normal has it
		}
		s.w.win.Resize(size)
		w.texts, w.targets, w.wrong = nil, nil, nil
		w.walk(root(s), fyne.Position{}, area{0, 0, size.Width, size.Height}, nil)
		if len(w.texts) == 0 {
			t.Error("there is no text on the screen")
		}
		w.check(size)
		for _, each := range w.wrong {
			wrong = append(wrong, fmt.Sprintf("%.0fx%.0f %s", size.Width, size.Height, each))
		}
		if os.Getenv("CUT_PICTURES") != "" {
			picture(t, s, l, sc, size)
		}
	}
	return wrong
}

// furnish gives the window a chat and what the settings list.
func furnish(s *session, m *messenger) {
	m.said = []app.Message{
		{ID: 2, Contact: 7, Own: true, Text: "Bonjour", State: app.StateFailed, At: long.MetAt},
		{ID: 1, Contact: 7, Text: "Bonjour", State: app.StateReceived, At: long.MetAt},
	}
	s.handle(app.Snapshot{Profile: app.Profile{Name: "Amina"}, Chats: []app.Chat{{Contact: long, Reach: app.ReachLAN, ActivityAt: long.MetAt}}})
	s.handle(app.PreferencesChanged{Preferences: app.Preferences{TellActive: true, LAN: true}})
	s.delivery.Nodes, s.delivery.Ready = []app.Node{
		{ID: 1, Host: "node.example:4001", Default: true, State: app.NodeGood},
		{ID: 2, Host: "192.0.2.7:4001", State: app.NodeAway},
	}, true
	s.delivery.Offers = []app.Offer{{Contact: 7, Address: "TACITNODE1:A"}}
	m.open = []app.Connection{{Kind: "contact", Contact: 7, Remote: "quic 192.0.2.9:40000", Since: time.Now()}, {Kind: "listen"}, {Kind: "node"}}
}

// picture keeps what a screen looks like, for who wants to see what was found.
func picture(t *testing.T, s *session, l look, sc screen, size fyne.Size) {
	t.Helper()
	name := fmt.Sprintf("%s/%s-%s-%d-%.0f.png", os.Getenv("CUT_PICTURES"), strings.ReplaceAll(sc.name, " ", "_"), l.tag, l.scale, size.Width)
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, s.w.win.Canvas().Capture()); err != nil {
		t.Error(err)
	}
}
