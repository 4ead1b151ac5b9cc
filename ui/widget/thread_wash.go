package widget

import (
	"image/color"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// wash is the ground of a part of the text.
type wash struct {
	rect   text.Rect
	radius float32
	colour color.NRGBA
}

// washes are the grounds under the text of a bubble: code, quotes and hits.
func (r *threadRow) washes() []wash {
	var out []wash
	b := r.b
	for _, p := range b.text.Panels() {
		if p.Code {
			out = append(out, wash{p.Rect, theme.RadiusField, r.palette.Inset()})
			continue
		}
		bar := text.Rect{X: p.X, Y: p.Y + 2, W: quoteBar, H: p.H - 4}
		if p.RTL {
			bar.X = p.X + p.W - quoteBar
		}
		out = append(out, wash{bar, 0, r.palette.Ink3})
	}
	for _, s := range b.text.Spans() {
		colour, up := color.NRGBA{}, float32(0)
		switch {
		case s.Look&text.Marked != 0:
			colour, up = r.palette.Hit(), 1
		case s.Look&text.Boxed != 0:
			colour, up = r.palette.Inset(), 2
		default:
			continue
		}
		for _, q := range b.text.Select(s.From, s.To) {
			q.X, q.W = q.X-1, q.W+2
			q.Y, q.H = q.Y+up, q.H-2*up
			out = append(out, wash{q, theme.RadiusTail, colour})
			if s.Look&text.Marked != 0 { // not by colour alone
				line := text.Rect{X: q.X, Y: q.Y + q.H - 2, W: q.W, H: 2}
				out = append(out, wash{line, 1, r.palette.Warning})
			}
		}
	}
	return out
}
