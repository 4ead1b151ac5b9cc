// Package layout stands objects below and beside one another where text wraps: the height
// of an object may follow from its width, which Fyne's own containers do not know.
package layout

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
)

// Tall is an object, or the layout of a container, whose height follows from its width.
type Tall interface {
	HeightFor(width float32) float32
}

// Natural is an object that wraps, but would rather be so wide.
type Natural interface {
	NaturalWidth() float32
}

func widthOf(o fyne.CanvasObject) float32 {
	if n, ok := o.(Natural); ok {
		// A line that ends exactly at its width may be broken by a rounding.
		return float32(int(n.NaturalWidth())) + 2
	}
	return o.MinSize().Width
}

func heightFor(o fyne.CanvasObject, width float32) float32 {
	if t, ok := o.(Tall); ok {
		return t.HeightFor(width)
	}
	if c, ok := o.(*fyne.Container); ok {
		if t, ok := c.Layout.(Tall); ok {
			return t.HeightFor(width)
		}
	}
	return o.MinSize().Height
}

// Snug is an object that knows whether a width leaves its words whole.
type Snug interface {
	Fits(width float32) bool
}

// align says how an item uses the width of a column.
type align int

const (
	fill align = iota
	start
	centre
)

type item struct {
	object fyne.CanvasObject
	gap    float32
	align  align
	grow   bool
}

// Column stands objects below one another. Hidden ones take no room, nor does the gap
// before them.
type Column struct {
	fynewidget.BaseWidget
	items []item
	width float32
}

// NewColumn returns an empty column whose least width is width.
func NewColumn(width float32) *Column {
	c := &Column{width: width}
	c.ExtendBaseWidget(c)
	return c
}

// Add puts o below the others over the whole width, gap below the one above.
func (c *Column) Add(gap float32, o fyne.CanvasObject) *Column {
	return c.add(item{o, gap, fill, false})
}

// AddStart puts o at the start edge, as wide as it needs.
func (c *Column) AddStart(gap float32, o fyne.CanvasObject) *Column {
	return c.add(item{o, gap, start, false})
}

// AddCentre puts o in the middle, as wide as it needs.
func (c *Column) AddCentre(gap float32, o fyne.CanvasObject) *Column {
	return c.add(item{o, gap, centre, false})
}

// AddSpace lets what is below stand at the end of a column higher than its content.
func (c *Column) AddSpace() *Column {
	space := canvas.NewRectangle(nil)
	return c.add(item{space, 0, fill, true})
}

func (c *Column) add(i item) *Column {
	c.items = append(c.items, i)
	c.Refresh()
	return c
}

// Clear takes everything out of the column.
func (c *Column) Clear() {
	c.items = nil
	c.Refresh()
}

// RefreshAll refreshes all that stands in the column: what was in no window while the
// theme changed.
func (c *Column) RefreshAll() {
	refreshAll(c.items)
	c.Refresh()
}

func refreshAll(items []item) {
	for _, i := range items {
		switch o := i.object.(type) {
		case *Column:
			o.RefreshAll()
		case *Row:
			refreshAll(o.items)
			o.Refresh()
		case *Flow:
			for _, each := range o.objects {
				each.Refresh()
			}
			o.Refresh()
		default:
			o.Refresh()
		}
	}
}

// HeightFor implements Tall.
func (c *Column) HeightFor(width float32) float32 {
	y := float32(0)
	for _, i := range c.items {
		if i.object.Visible() {
			if y > 0 {
				y += i.gap
			}
			if !i.grow {
				y += heightFor(i.object, i.measure(width))
			}
		}
	}
	return y
}

func (i item) measure(width float32) float32 {
	if i.align == fill {
		return width
	}
	return min(width, widthOf(i.object))
}

// MinSize implements fyne.CanvasObject.
func (c *Column) MinSize() fyne.Size {
	c.ExtendBaseWidget(c)
	return fyne.NewSize(c.width, c.HeightFor(max(c.width, c.Size().Width)))
}

// NaturalWidth implements Natural.
func (c *Column) NaturalWidth() float32 {
	w := float32(0)
	for _, i := range c.items {
		if i.object.Visible() && !i.grow {
			w = max(w, widthOf(i.object))
		}
	}
	return w
}

// CreateRenderer implements fyne.Widget.
func (c *Column) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{of: c, place: c.place, objects: func() []fyne.CanvasObject { return objects(c.items) }}
}

func (c *Column) place(s fyne.Size) {
	spare := max(0, s.Height-c.HeightFor(s.Width))
	y := float32(0)
	for _, i := range c.items {
		if !i.object.Visible() {
			continue
		}
		if y > 0 {
			y += i.gap
		}
		w := i.measure(s.Width)
		h := heightFor(i.object, w)
		if i.grow {
			h = spare
		}
		x := float32(0)
		if i.align == centre {
			x = float32(int((s.Width - w) / 2))
		}
		put(i.object, theme.Start(x, w, s.Width), y, w, h)
		y += h
	}
}

// Row stands objects beside one another from the start edge, in the middle of its height.
// Where one that grows has too little room for its words, all stand below one another.
type Row struct {
	fynewidget.BaseWidget
	items  []item
	top    bool
	below  bool
	outset float32
}

// NewRow returns an empty row.
func NewRow() *Row {
	r := &Row{}
	r.ExtendBaseWidget(r)
	return r
}

// Add puts o after the others, as wide as it needs.
func (r *Row) Add(gap float32, o fyne.CanvasObject) *Row { return r.add(item{o, gap, start, false}) }

// AddGrow puts o after the others; it shares what is left with others that grow.
func (r *Row) AddGrow(gap float32, o fyne.CanvasObject) *Row { return r.add(item{o, gap, fill, true}) }

// AlignTop stands the objects at the top instead: a number before a heading that wraps.
func (r *Row) AlignTop() *Row {
	r.top = true
	return r
}

// OrBelow lets what does not grow stand below, too, where it leaves the others too little.
func (r *Row) OrBelow() *Row {
	r.below = true
	return r
}

// Outset lets the row reach beyond its end by so much: of an icon the drawing, not the
// target around it, lines up with what is below.
func (r *Row) Outset(by float32) *Row {
	r.outset = by
	return r
}

func (r *Row) add(i item) *Row {
	r.items = append(r.items, i)
	r.Refresh()
	return r
}

// widths returns the width of each item and the height of the row.
func (r *Row) widths(width float32) (each []float32, height float32) {
	each = make([]float32, len(r.items))
	left, growing := width+r.outset, 0
	for n, i := range r.items {
		if !i.object.Visible() {
			continue
		}
		left -= r.gap(n)
		if i.grow {
			growing++
			continue
		}
		each[n] = min(max(left, 1), widthOf(i.object))
		left -= each[n]
	}
	for n, i := range r.items {
		if i.grow && i.object.Visible() {
			each[n] = max(1, float32(int(left/float32(growing))))
		}
		if i.object.Visible() {
			height = max(height, heightFor(i.object, each[n]))
		}
	}
	return each, height
}

// stackGap is between objects of a row that stand below one another.
const stackGap = theme.Space8

// stacked reports whether the objects of the row stand below one another: all of them
// grow, and the words of one have no room beside the others.
func (r *Row) stacked(width float32) bool {
	if r.below {
		each, _ := r.widths(width)
		for n, i := range r.items {
			if s, ok := i.object.(Snug); ok && i.grow && i.object.Visible() && !s.Fits(each[n]) {
				return true
			}
		}
		return false
	}
	shown, gaps := float32(0), float32(0)
	for n, i := range r.items {
		if !i.object.Visible() {
			continue
		}
		if !i.grow {
			return false
		}
		shown++
		gaps += r.gap(n)
	}
	if shown < 2 || width <= gaps {
		return false
	}
	each := float32(int((width - gaps) / shown))
	for _, i := range r.items {
		if s, ok := i.object.(Snug); ok && i.object.Visible() && !s.Fits(each) {
			return true
		}
	}
	return false
}

// stack goes through what is shown, each below the one before, and returns the height.
func (r *Row) stack(width float32, visit func(o fyne.CanvasObject, y, h float32)) float32 {
	y := float32(0)
	for _, i := range r.items {
		if !i.object.Visible() {
			continue
		}
		if y > 0 {
			y += stackGap
		}
		h := heightFor(i.object, width)
		visit(i.object, y, h)
		y += h
	}
	return y
}

// gap is the room before item n: none before the first that is shown.
func (r *Row) gap(n int) float32 {
	for _, before := range r.items[:n] {
		if before.object.Visible() {
			return r.items[n].gap
		}
	}
	return 0
}

// HeightFor implements Tall.
func (r *Row) HeightFor(width float32) float32 {
	if r.stacked(width) {
		return r.stack(width, func(fyne.CanvasObject, float32, float32) {})
	}
	_, h := r.widths(width)
	return h
}

// MinSize implements fyne.CanvasObject.
func (r *Row) MinSize() fyne.Size {
	r.ExtendBaseWidget(r)
	w := float32(0)
	for n, i := range r.items {
		if i.object.Visible() {
			w += r.gap(n) + i.object.MinSize().Width
		}
	}
	return fyne.NewSize(w, r.HeightFor(max(w, r.Size().Width)))
}

// NaturalWidth implements Natural.
func (r *Row) NaturalWidth() float32 {
	w := float32(0)
	for n, i := range r.items {
		if i.object.Visible() {
			w += r.gap(n) + widthOf(i.object)
		}
	}
	return w
}

// CreateRenderer implements fyne.Widget.
func (r *Row) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{of: r, place: r.place, objects: func() []fyne.CanvasObject { return objects(r.items) }}
}

func (r *Row) place(s fyne.Size) {
	if r.stacked(s.Width) {
		r.stack(s.Width, func(o fyne.CanvasObject, y, h float32) { put(o, 0, y, s.Width, h) })
		return
	}
	each, _ := r.widths(s.Width)
	x := float32(0)
	for n, i := range r.items {
		if !i.object.Visible() {
			continue
		}
		x += r.gap(n)
		h := min(s.Height, heightFor(i.object, each[n]))
		y := float32(0)
		if !r.top {
			y = float32(int((s.Height - h) / 2))
		}
		put(i.object, theme.Start(x, each[n], s.Width), y, each[n], h)
		x += each[n]
	}
}

func objects(items []item) []fyne.CanvasObject {
	all := make([]fyne.CanvasObject, len(items))
	for n, i := range items {
		all[n] = i.object
	}
	return all
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}

type renderer struct {
	of      fyne.Widget
	place   func(fyne.Size)
	objects func() []fyne.CanvasObject
}

func (r *renderer) Destroy()                     {}
func (r *renderer) Layout(s fyne.Size)           { r.place(s) }
func (r *renderer) MinSize() fyne.Size           { return r.of.MinSize() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects() }

func (r *renderer) Refresh() {
	r.place(r.of.Size())
	canvas.Refresh(r.of)
}
