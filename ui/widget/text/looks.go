package text

import (
	"slices"
	"sort"
)

// Look is how a part of a text differs from the rest of it. Looks of one part add up.
type Look uint8

const (
	Bold Look = 1 << iota
	Slanted
	Mono
	Struck
	Linked // underlined, in the colour of links
	Boxed  // for whoever draws the ground under a text
	Marked // the same
)

// Span is the runes from From up to To that have a look. Spans may overlap.
type Span struct {
	From, To int
	Look     Look
}

// Panel is paragraphs that stand apart: the runes from From up to To. A panel begins and
// ends with a paragraph.
type Panel struct {
	From, To int
	Code     bool // reads from left to right whatever is in it; else a quote
}

// PanelBox is where a panel stands in a block.
type PanelBox struct {
	Rect
	Code bool
	RTL  bool // its first line begins at the right
}

// Room of a panel, in dp.
const (
	CodePadX    = 10 // beside code
	CodePadY    = 6  // above and below it
	QuoteIndent = 12 // before a quote
)

// sides returns the room before and after the lines of a panel, and above and below it.
func (p *Panel) sides() (before, after, pad float32) {
	if p.Code {
		return CodePadX, CodePadX, CodePadY
	}
	return QuoteIndent, 0, 0
}

// Spans returns the spans that the block was laid out with. They must not be changed.
func (b *Block) Spans() []Span { return b.spans }

// Panels returns the panels of the block, from the top.
func (b *Block) Panels() []PanelBox { return b.boxes }

// spread gives each rune its look.
func (lay *layouter) spread() {
	if len(lay.o.Spans) == 0 {
		return
	}
	n := len(lay.runes)
	lay.looks = make([]Look, n)
	for _, s := range lay.o.Spans {
		s.From, s.To = max(0, s.From), min(n, s.To)
		if s.From >= s.To {
			continue
		}
		lay.spans = append(lay.spans, s)
		for i := s.From; i < s.To; i++ {
			lay.looks[i] |= s.Look
		}
	}
}

// look returns the look of rune i, which may be that of an ellipsis after the text.
func (b *Block) look(i int) Look {
	if i >= len(b.looks) {
		return 0
	}
	return b.looks[i]
}

// enter finds the panel of the paragraph that begins at rune p.
func (lay *layouter) enter(p int) {
	panels := lay.o.Panels
	k := sort.Search(len(panels), func(k int) bool { return panels[k].To > p })
	lay.panel = 0
	if k < len(panels) && panels[k].From <= p {
		lay.panel = k + 1
	}
}

// room is what a panel takes of the width of a line.
func (lay *layouter) room() float32 {
	if lay.panel == 0 {
		return 0
	}
	before, after, _ := lay.o.Panels[lay.panel-1].sides()
	return before + after
}

// code reports whether the paragraph is code.
func (lay *layouter) code() bool { return lay.panel > 0 && lay.o.Panels[lay.panel-1].Code }

// stack gives lines and panels their places from the top, and returns the height.
func (lay *layouter) stack() float32 {
	y := float32(0)
	for i := range lay.Lines {
		l := &lay.Lines[i]
		first := l.panel > 0 && (i == 0 || lay.Lines[i-1].panel != l.panel)
		if first {
			p := &lay.o.Panels[l.panel-1]
			_, _, pad := p.sides()
			lay.boxes = append(lay.boxes, PanelBox{Rect: Rect{Y: y, W: lay.Width}, Code: p.Code, RTL: l.RTL})
			y += pad
		}
		l.Y = y
		y += lay.style.LineHeight
		if l.panel > 0 {
			box := &lay.boxes[len(lay.boxes)-1]
			if last := i+1 == len(lay.Lines) || lay.Lines[i+1].panel != l.panel; last {
				_, _, pad := lay.o.Panels[l.panel-1].sides()
				y += pad
			}
			box.H = y - box.Y
		}
	}
	return y
}

// indent moves a line of a panel away from its edge.
func (lay *layouter) indent(l *Line) {
	if l.panel == 0 {
		return
	}
	before, after, _ := lay.o.Panels[l.panel-1].sides()
	if l.RTL {
		l.X -= before
	} else if l.X == 0 {
		l.X = before
	} else {
		l.X -= after
	}
}

// lineAt returns the index of the line nearest to y.
func (b *Block) lineAt(y float32) int {
	n := sort.Search(len(b.Lines), func(k int) bool { return b.Lines[k].Y > y })
	return max(0, n-1)
}

// InPanel reports whether the line belongs to a panel.
func (l *Line) InPanel() bool { return l.panel > 0 }

// Widen returns the block with its lines placed in a greater width. Blocks that were
// centred, or have another width already, are returned as they are.
func (b *Block) Widen(width float32) *Block {
	more := width - b.Width
	moves := len(b.boxes) > 0
	for i := range b.Lines {
		moves = moves || b.Lines[i].RTL
	}
	if more <= 0 || !moves {
		return b
	}
	w := *b
	w.Width = width
	w.Lines = slices.Clone(b.Lines)
	for i := range w.Lines {
		if w.Lines[i].RTL {
			w.Lines[i].X += more
		}
	}
	w.boxes = slices.Clone(b.boxes)
	for i := range w.boxes {
		w.boxes[i].W += more
	}
	return &w
}
