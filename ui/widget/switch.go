package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"tacit/ui/theme"
)

// Switch is something that is on or off, with a sentence about what that means. The knob
// shows the state by its place, not by colour alone.
type Switch struct {
	press
	OnChanged func(on bool)

	on          bool
	label, text string
	word, body  *words
}

// NewSwitch returns a switch that is off.
func NewSwitch(label, text string, onChanged func(bool)) *Switch {
	s := &Switch{OnChanged: onChanged, label: label, text: text, word: newText(0), body: newText(0)}
	s.extend(s, func() {
		s.Set(!s.on)
		if s.OnChanged != nil {
			s.OnChanged(s.on)
		}
	})
	return s
}

// On reports whether the switch is on.
func (s *Switch) On() bool { return s.on }

// Label returns what is switched.
func (s *Switch) Label() string { return s.label }

// SetLabel changes what is switched.
func (s *Switch) SetLabel(label string) {
	if s.label != label {
		s.label = label
		s.Refresh()
	}
}

// SetText changes the sentence.
func (s *Switch) SetText(text string) {
	if s.text != text {
		s.text = text
		s.Refresh()
	}
}

// Set moves the knob without a report.
func (s *Switch) Set(on bool) {
	if s.on != on {
		s.on = on
		s.Refresh()
	}
}

const (
	switchWidth  float32 = 36
	switchHeight float32 = 20
	switchInset  float32 = 4 // between track and knob
)

func (s *Switch) room(width float32) float32 {
	return max(1, width-switchWidth-theme.Space16)
}

func (s *Switch) update() {
	p := theme.Current()
	ink, second := p.Ink, p.Ink2
	if s.disabled {
		ink, second = p.Ink3, p.Ink3
	}
	s.word.set(s.label, theme.UIBold, ink)
	s.body.set(s.text, theme.Small, second)
}

// HeightFor returns the height at a width.
func (s *Switch) HeightFor(width float32) float32 {
	s.update()
	room := s.room(width)
	h := s.word.heightFor(room)
	if s.text != "" {
		h += theme.Space2 + s.body.heightFor(room)
	}
	return max(theme.IconButtonSize, h)
}

// CreateRenderer implements fyne.Widget.
func (s *Switch) CreateRenderer() fyne.WidgetRenderer {
	wash, ring := box(theme.RadiusField), box(theme.RadiusField)
	track, knob := box(switchHeight/2), canvas.NewCircle(transparent)
	update := func() {
		p := theme.Current()
		s.update()
		washed := transparent
		if s.hot() {
			washed = p.Hover
		}
		paint(wash, washed, transparent, 0)
		showRing(ring, s.ring)
		switch {
		case s.disabled:
			paint(track, p.List, p.Hairline, theme.Hair)
			knob.FillColor = theme.Mix(p.Ink3, p.List, 0.5)
		case s.on:
			paint(track, p.Accent, transparent, 0)
			knob.FillColor = p.OnAccent
		default:
			paint(track, p.Surface, p.Field, theme.FieldEdge)
			knob.FillColor = p.Field
		}
	}
	minSize := func() fyne.Size { return fyne.NewSize(200, s.HeightFor(widthOf(s))) }
	place := func(size fyne.Size) {
		for _, r := range []*canvas.Rectangle{wash, ring} {
			r.Move(fyne.NewPos(-theme.Space8, -theme.Space4))
			r.Resize(fyne.NewSize(size.Width+2*theme.Space8, size.Height+2*theme.Space4))
		}
		room := s.room(size.Width)
		h := s.word.heightFor(room)
		top := float32(0)
		if s.text == "" {
			top = (size.Height - h) / 2
		}
		s.word.put(0, top, room, size.Width, alignStart)
		s.body.put(0, top+h+theme.Space2, room, size.Width, alignStart)
		x, y := size.Width-switchWidth, top+(theme.UIBold.LineHeight-switchHeight)/2
		put(track, x, y, switchWidth, switchHeight, size.Width)
		const side = switchHeight - 2*switchInset
		at := x + switchInset
		if s.on {
			at = x + switchWidth - switchInset - side
		}
		put(knob, at, y+switchInset, side, side, size.Width)
	}
	return newParts(s, update, minSize, place, wash, ring, s.word.raster, s.body.raster, track, knob)
}
