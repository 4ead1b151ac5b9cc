package widget

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// tool is one of the buttons beside the message under the pointer.
type tool int

const (
	toolReact tool = iota
	toolReply
	toolMore
	toolCount
)

const noTool tool = -1

// threadTools is the buttons beside the message under the pointer. All rows share them.
//
// Owner of every field: Fyne's thread.
type threadTools struct {
	t       *Thread
	row     *threadRow // that they stand beside, or nil
	shown   []tool     // from the start edge
	at      fyne.Position
	hot     tool // under the pointer
	pressed tool
	plate   *canvas.Rectangle
	wash    *canvas.Rectangle
	icons   [toolCount]*canvas.Image
	objects []fyne.CanvasObject
}

func (s *threadTools) init(t *Thread) {
	s.t, s.hot, s.pressed = t, noTool, noTool
	s.plate, s.wash = box(theme.RadiusRow), box(theme.RadiusField)
	for i := range s.icons {
		s.icons[i] = picture()
		s.icons[i].Resize(fyne.NewSquareSize(theme.IconAction))
	}
}

// toolsFor returns the buttons of a row, the first to be left out last.
func toolsFor(r *threadRow) []tool {
	switch item := &r.b.item; {
	case item.Notice:
		return nil
	case item.Deleted || item.Unknown:
		return []tool{toolMore}
	}
	return []tool{toolReact, toolReply, toolMore}
}

// place puts the buttons beside the row under the pointer, on the side where the column
// has room, or over the corner of a bubble that leaves none.
func (s *threadTools) place() {
	s.objects = s.objects[:0]
	s.row = s.t.rows[s.t.mouse.hover]
	if s.row == nil || s.t.mouse.selecting || s.t.bar.dragged {
		s.row, s.shown = nil, nil
		return
	}
	r := s.row
	s.shown = append(s.shown[:0], toolsFor(r)...)
	const side, gap = theme.IconButtonSize, theme.Space8
	x, w := s.t.column()
	width := r.back.Size().Width
	room := x + w - r.x - width - gap
	if r.right() {
		room = r.x - x - gap
	}
	for len(s.shown) > 1 && float32(len(s.shown))*side > room+theme.Gutter-theme.Space4 {
		s.shown = s.shown[1:]
	}
	if len(s.shown) == 0 {
		return
	}
	span := float32(len(s.shown)) * side
	left := r.x + width + gap
	if r.right() {
		left = r.x - gap - span
	}
	left = max(theme.Space4, min(left, s.t.size.Width-span-theme.Space4))
	top := r.y + (min(r.b.box, theme.Body.LineHeight+2*theme.BubblePadY)-side)/2
	top = max(theme.Space4, min(top, s.t.size.Height-side-theme.Space4))
	s.at = fyne.NewPos(s.t.snap(left), s.t.snap(top))
	s.draw(span)
}

// draw places and colours the objects.
func (s *threadTools) draw(span float32) {
	p := theme.Current()
	const side = theme.IconButtonSize
	paint(s.plate, p.Surface, p.Hairline, theme.Hair)
	s.plate.Move(s.at)
	s.plate.Resize(fyne.NewSize(span, side))
	s.objects = append(s.objects, s.plate)
	const inset = (side - theme.IconAction) / 2
	for i, k := range s.shown {
		pos := s.at.AddXY(theme.Start(float32(i)*side, side, span), 0)
		ink := p.Ink2
		if k == s.hot {
			ink = p.Ink
			paint(s.wash, p.Hover, transparent, 0)
			s.wash.Move(pos.AddXY(2, 2))
			s.wash.Resize(fyne.NewSquareSize(side - 4))
			s.objects = append(s.objects, s.wash)
		}
		icon := map[tool]theme.IconName{toolReact: theme.IconReact, toolReply: theme.IconReply, toolMore: theme.IconMore}[k]
		setIcon(s.icons[k], theme.Icon(icon, ink))
		s.icons[k].Move(pos.AddXY(inset, inset))
	}
	for _, k := range s.shown {
		s.objects = append(s.objects, s.icons[k])
	}
}

// find returns the button at a point of the thread.
func (s *threadTools) find(p fyne.Position) tool {
	const side = theme.IconButtonSize
	if s.row == nil || p.Y < s.at.Y || p.Y >= s.at.Y+side {
		return noTool
	}
	span := float32(len(s.shown)) * side
	for i, k := range s.shown {
		x := s.at.X + theme.Start(float32(i)*side, side, span)
		if p.X >= x && p.X < x+side {
			return k
		}
	}
	return noTool
}

// act does what a button is for.
func (s *threadTools) act(k tool) {
	if s.row == nil {
		return
	}
	t, id := s.t, s.row.b.item.ID
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t).Add(s.at).AddXY(0, theme.IconButtonSize+theme.Space4)
	if theme.RTL() {
		at.X += float32(len(s.shown)) * theme.IconButtonSize
	}
	t.current = id
	switch k {
	case toolReact:
		t.OnReact(id, at)
	case toolReply:
		t.OnReply(id)
	case toolMore:
		t.OnMenu(id, at)
	}
}

func (k tool) word() string {
	switch k {
	case toolReact:
		return lang.T("thread.react_keys", "keys", command+"E")
	case toolReply:
		return lang.T("thread.reply_keys", "keys", command+"R")
	}
	return lang.T("thread.more_keys")
}

// command is how the keys of fyne.KeyModifierShortcutDefault are written.
var command = map[bool]string{false: "Ctrl+", true: "⌘"}[runtime.GOOS == "darwin"]
