package widget

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// ButtonKind is how loud a button is.
type ButtonKind int

const (
	ButtonPrimary    ButtonKind = iota // one a screen
	ButtonSecondary                    // an edge
	ButtonText                         // a word in the link colour
	ButtonDanger                       // filled; only in the card that confirms
	ButtonDangerText                   // a word in the danger colour
)

// Button is a word to press.
type Button struct {
	press
	OnTapped func()

	kind  ButtonKind
	label string
	word  *words
	busy  bool
	turn  *fyne.Animation // turns the ring while busy
}

// NewButton returns a button; onTapped may be nil.
func NewButton(kind ButtonKind, label string, onTapped func()) *Button {
	b := &Button{OnTapped: onTapped, kind: kind, label: label, word: newText(0)}
	b.extend(b, func() {
		if b.OnTapped != nil && !b.busy {
			b.OnTapped()
		}
	})
	return b
}

// Label returns the word on the button.
func (b *Button) Label() string { return b.label }

// SetLabel changes the word.
func (b *Button) SetLabel(s string) {
	if b.label != s {
		b.label = s
		b.Refresh()
	}
}

// SetKind changes how loud the button is.
func (b *Button) SetKind(k ButtonKind) {
	if b.kind != k {
		b.kind = k
		b.Refresh()
	}
}

// Busy reports whether the ring turns.
func (b *Button) Busy() bool { return b.busy }

// SetBusy lets a ring turn at the start of the word; presses are ignored meanwhile.
func (b *Button) SetBusy(on bool) {
	if b.busy != on {
		b.busy = on
		b.Refresh()
	}
}

func (b *Button) bare() bool { return b.kind == ButtonText || b.kind == ButtonDangerText }

const (
	busyRing   float32 = 16
	busyTurn           = time.Second // of the ring
	busySteps          = 12          // redraws in a turn: each costs the whole window
	busyCutout         = 0.8
)

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	body, ring, word := box(theme.RadiusField), focusRing(theme.RadiusField), b.word
	arc := canvas.NewArc(0, 270, busyCutout, transparent)
	arc.Hide()
	update := func() {
		c := b.colours()
		paint(body, c.fill, c.edge, theme.FieldEdge)
		word.set(b.label, theme.UIBold, c.text)
		showRing(ring, b.ring)
		arc.FillColor = c.text
		b.animate(arc)
	}
	minSize := func() fyne.Size {
		w := word.natural()
		if b.bare() {
			w = max(w, theme.IconButtonSize)
		} else {
			w += 2*theme.Space20 + b.lead()
		}
		return fyne.NewSize(w, b.HeightFor(b.Size().Width))
	}
	place := func(s fyne.Size) {
		if b.bare() {
			b.placeBare(s, body, ring)
		} else {
			fill(body, s, 0)
			fill(ring, s, theme.FocusInset+theme.FocusEdge)
		}
		lead := b.lead()
		n := min(word.natural(), b.room(s.Width))
		x, a := (s.Width-lead-n)/2, alignCentre
		if b.bare() {
			x, a = 0, alignStart
		}
		put(arc, x, (s.Height-busyRing)/2, busyRing, busyRing, s.Width)
		word.put(x+lead, (s.Height-word.heightFor(n))/2, n, s.Width, a)
	}
	return newParts(b, update, minSize, place, body, ring, arc, word.raster)
}

// lead is the room of the ring.
func (b *Button) lead() float32 {
	if b.busy {
		return busyRing + theme.Space8
	}
	return 0
}

// room is what the word may take of a width.
func (b *Button) room(width float32) float32 {
	if !b.bare() {
		width -= 2 * theme.Space8
	}
	return max(1, width-b.lead())
}

// Fits reports whether the label stands on one line at a width.
func (b *Button) Fits(width float32) bool {
	b.word.set(b.label, theme.UIBold, b.colours().text)
	return b.word.natural() <= b.room(width)
}

// HeightFor returns the height at a width: large text wraps, so that it is never cut.
func (b *Button) HeightFor(width float32) float32 {
	b.word.set(b.label, theme.UIBold, b.colours().text)
	if width <= 0 || b.word.natural() <= b.room(width) {
		return theme.ButtonHeight()
	}
	return max(theme.ButtonHeight(), b.word.heightFor(b.room(width))+theme.Space20)
}

// placeBare lets the wash of a button without a box reach beyond the word, so that the
// word itself lines up with what stands above it.
func (b *Button) placeBare(s fyne.Size, body, ring *canvas.Rectangle) {
	const reach = theme.Space8
	inset := max(0, (s.Height-theme.IconButtonSize)/2)
	body.Move(fyne.NewPos(-reach, inset))
	body.Resize(fyne.NewSize(s.Width+2*reach, s.Height-2*inset))
	ring.Move(body.Position())
	ring.Resize(body.Size())
	ring.CornerRadius = theme.RadiusField
}

type buttonColours struct{ fill, edge, text color.NRGBA }

func (b *Button) colours() buttonColours {
	p := theme.Current()
	wash := transparent
	if b.hot() {
		wash = p.Hover
	}
	filled := func(fill, text color.NRGBA) buttonColours {
		if b.disabled {
			return buttonColours{p.List, transparent, p.Ink3}
		}
		if b.hot() {
			fill = p.Press(fill)
		}
		return buttonColours{fill, transparent, text}
	}
	bare := func(text color.NRGBA) buttonColours {
		if b.disabled {
			text = p.Ink3
		}
		return buttonColours{wash, transparent, text}
	}
	switch b.kind {
	case ButtonPrimary:
		return filled(p.Accent, p.OnAccent)
	case ButtonDanger:
		return filled(p.Danger, p.OnDanger)
	case ButtonText:
		return bare(p.Link)
	case ButtonDangerText:
		return bare(p.Danger)
	}
	if b.disabled {
		return buttonColours{transparent, p.Hairline, p.Ink3}
	}
	return buttonColours{wash, p.Field, p.Ink}
}

// animate starts or stops the ring to match the state.
func (b *Button) animate(arc *canvas.Arc) {
	show(arc, b.busy)
	if !b.busy || theme.Motion(busyTurn) == 0 {
		if b.turn != nil {
			b.turn.Stop()
			b.turn = nil
		}
		return
	}
	if b.turn != nil {
		return
	}
	last := -1
	b.turn = fyne.NewAnimation(busyTurn, func(t float32) {
		step := int(t * busySteps)
		if step == last {
			return
		}
		last = step
		arc.StartAngle = float32(step) * 360 / busySteps
		arc.EndAngle = arc.StartAngle + 270
		arc.Refresh()
	})
	b.turn.Curve = fyne.AnimationLinear
	b.turn.RepeatCount = fyne.AnimationRepeatForever
	b.turn.Start()
}
