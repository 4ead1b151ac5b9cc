package widget

import (
	"sort"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Thread shows messages as bubbles, in lists of any length.
//
// It knows no coordinate but that of the anchor: the first message in sight, and where
// the top of its bubble is. Everything else is placed around it, so nothing moves
// when messages are added above, and nothing has to be measured that is not seen.
type Thread struct {
	widget.BaseWidget

	// OnMoved is called when something else came into sight.
	OnMoved func()
	// OnMenu asks for the menu of a message at a place on the canvas. The message may
	// be the one the keyboard stands on.
	OnMenu func(id int64, at fyne.Position)
	// OnRetry is called for a failed message.
	OnRetry func(id int64)
	// OnTyped is called for characters, which are meant for the composer.
	OnTyped func(r rune)
	// OnReply asks to answer a message.
	OnReply func(id int64)
	// OnReact asks for reactions to choose from, at a place on the canvas.
	OnReact func(id int64, at fyne.Position)
	// OnReaction is called for a reaction that stands under a message.
	OnReaction func(id int64, emoji string)
	// OnQuote asks for the message that another one answers, by its own ID.
	OnQuote func(id int64)
	// OnLink asks to open a link, as it was typed.
	OnLink func(url string)
	// OnFile asks to do something with the file of a message.
	OnFile func(id int64, action ThreadFileAction)
	// OnPicture asks to show the picture of a message as large as it can be.
	OnPicture func(id int64)
	// OnPlay asks to play the voice note of a message, or to pause it.
	OnPlay func(id int64)
	// OnSeek asks to go to a share of a note, 0 to 1.
	OnSeek func(id int64, share float32)
	// OnSkip asks to go some seconds back or forth in a note: by is -1 or 1.
	OnSkip func(id int64, by int)
	// OnSpeed asks for the next speed.
	OnSpeed func(id int64)
	// OnState asks what the state of an own message means, at a place on the canvas.
	OnState func(id int64, at fyne.Position)

	src ThreadSource

	anchor int64   // ID of the first message in sight
	off    float32 // top of its bubble below the top edge of the thread
	end    bool    // the last message stands at the bottom edge, and shall when one is added
	size   fyne.Size

	rows    map[int64]*threadRow // in sight, by ID
	free    []*threadRow
	order   []*threadRow // those of rows, from the top
	bubbles bubbleCache
	objects []fyne.CanvasObject

	bar   threadBar
	tools threadTools
	sel   threadSelection
	mouse threadMouse
	spot  *canvas.Rectangle // where a word without an icon of its own appears

	tick  delay // until a timer in sight steps
	ticks time.Time

	ring    bool  // a ring shows where the keyboard stands
	quiet   bool  // the focus comes without one
	current int64 // the message it stands on
	part    int   // the target of it that it stands on, or -1
	pointed int64 // the message that has a ring because somebody looked for it
	jump    *fyne.Animation
}

// NewThread returns a thread that shows the end of src.
func NewThread(src ThreadSource) *Thread {
	t := &Thread{
		OnMoved: func() {}, OnMenu: func(int64, fyne.Position) {},
		OnRetry: func(int64) {}, OnTyped: func(rune) {}, OnReply: func(int64) {},
		OnReact: func(int64, fyne.Position) {}, OnReaction: func(int64, string) {},
		OnQuote: func(int64) {}, OnLink: func(string) {}, OnFile: func(int64, ThreadFileAction) {},
		OnPlay: func(int64) {}, OnSeek: func(int64, float32) {}, OnSkip: func(int64, int) {}, OnSpeed: func(int64) {},
		OnPicture: func(int64) {}, OnState: func(int64, fyne.Position) {},
		src: src, end: true, part: -1, spot: newSpot(),
		rows:    map[int64]*threadRow{},
		bubbles: newBubbleCache(maxBubbles),
	}
	t.mouse.at = fyne.NewPos(-1, -1)
	t.bar.init(t)
	t.tools.init(t)
	t.ExtendBaseWidget(t)
	return t
}

// SetSource shows the end of another list.
func (t *Thread) SetSource(src ThreadSource) {
	t.recycle(nil)
	t.src = src
	t.part = -1
	t.sel = threadSelection{}
	t.current, t.pointed = 0, 0
	t.ShowEnd()
}

// Changed tells that the items of the source are not what they were. The messages in
// sight stay where they are, unless the end was in sight: then it is again.
func (t *Thread) Changed() { t.place() }

// ShowEnd shows the last loaded message at the bottom edge.
func (t *Thread) ShowEnd() {
	t.stopJump()
	t.end = true
	t.place()
}

// ShowItem shows the message with this ID, or the next loaded one, in the upper part.
func (t *Thread) ShowItem(id int64) {
	n := t.src.Len()
	if n == 0 {
		return
	}
	t.stopJump()
	t.end = false
	t.anchor = t.src.Item(min(t.index(id), n-1)).ID
	t.off = t.size.Height / 3
	t.current = t.anchor
	t.place()
}

// PointOut shows a message as ShowItem does, with a ring around it until a key or a
// button is pressed.
func (t *Thread) PointOut(id int64) {
	t.pointed = id
	t.ShowItem(id)
}

// AtEnd reports that the end of the list is in sight.
func (t *Thread) AtEnd() bool {
	_, after := t.src.Outside()
	return t.end && after == 0
}

// FarFromEnd reports that more than one screen lies below what is in sight.
func (t *Thread) FarFromEnd() bool {
	if _, after := t.src.Outside(); after > 0 {
		return true
	}
	_, within := t.below(t.size.Height)
	return !within
}

// Newest returns the ID of the last message in sight, or 0.
func (t *Thread) Newest() int64 {
	if len(t.order) == 0 {
		return 0
	}
	return t.order[len(t.order)-1].b.item.ID
}

// index returns the index of the first loaded item whose ID is id or greater.
func (t *Thread) index(id int64) int {
	return sort.Search(t.src.Len(), func(i int) bool { return t.src.Item(i).ID >= id })
}

// Scrolled implements fyne.Scrollable.
func (t *Thread) Scrolled(e *fyne.ScrollEvent) {
	t.stopJump()
	t.leaveGlyph()
	t.scroll(e.Scrolled.DY)
}

// scroll moves the content down by dy, or up where dy is negative.
func (t *Thread) scroll(dy float32) {
	t.off += dy
	t.end = false
	t.place()
	t.bar.show()
}

// JumpToEnd goes to the end: moving, where it is near enough to follow with the eye.
func (t *Thread) JumpToEnd() {
	if _, after := t.src.Outside(); after > 0 {
		t.src.Seek(1)
		return
	}
	rest, near := t.below(3 * t.size.Height)
	d := theme.Motion(theme.JumpTime)
	if !near || d == 0 {
		t.ShowEnd()
		return
	}
	t.stopJump()
	var moved float32
	t.jump = fyne.NewAnimation(d, func(share float32) {
		if share == 1 {
			t.ShowEnd()
			return
		}
		t.off -= rest*share - moved
		moved = rest * share
		t.end = false
		t.place()
	})
	t.jump.Curve = fyne.AnimationEaseOut
	t.jump.Start()
}

func (t *Thread) stopJump() {
	if t.jump != nil {
		t.jump.Stop()
		t.jump = nil
	}
}

// MinSize keeps the thread from pushing anything wider.
func (t *Thread) MinSize() fyne.Size { return fyne.NewSize(1, 1) }

// Resize implements fyne.CanvasObject. A thread of another width keeps its anchor; one
// of another height keeps its bottom edge, because that is next to the composer.
func (t *Thread) Resize(size fyne.Size) {
	if size == t.size {
		return
	}
	if size.Width == t.size.Width {
		t.off += size.Height - t.size.Height
	} else {
		t.bubbles.clear()
	}
	t.size = size
	t.BaseWidget.Resize(size)
	t.place()
}

// CreateRenderer implements fyne.Widget.
func (t *Thread) CreateRenderer() fyne.WidgetRenderer { return threadRenderer{t} }

type threadRenderer struct{ t *Thread }

func (r threadRenderer) Destroy()                     {}
func (r threadRenderer) Layout(fyne.Size)             {}
func (r threadRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (r threadRenderer) Objects() []fyne.CanvasObject { return r.t.objects }

// Refresh draws everything anew: the palette or the text size may be another.
func (r threadRenderer) Refresh() {
	t := r.t
	t.bubbles.clear()
	t.bar.recolour()
	t.place()
	canvas.Refresh(t)
}
