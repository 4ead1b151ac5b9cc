package text

import (
	"image"
	"image/color"
	"image/draw"
)

// Draw draws the block with its upper left corner at x, y, in device pixels, at
// scale device pixels a dp. Baselines are put on whole pixels. Emoji keep their
// own colours, with the opacity of c.
func (b *Block) Draw(dst *image.RGBA, x, y, scale float32, c color.NRGBA) {
	b.DrawLinks(dst, x, y, scale, c, c)
}

// DrawLinks is Draw with a colour of their own for links. What is under a text, such as
// the ground of code, is for the caller to draw before.
func (b *Block) DrawLinks(dst *image.RGBA, x, y, scale float32, c, link color.NRGBA) {
	p := newPen(dst, c)
	linkPen := newPen(dst, link)
	size := b.style.Size * scale
	for n := range b.Lines {
		l := &b.Lines[n]
		base := y + (l.Y+b.baseline())*scale
		if base+2*size < float32(dst.Rect.Min.Y) || base-2*size > float32(dst.Rect.Max.Y) {
			continue
		}
		for k := range l.runs {
			r := &l.runs[k]
			gx := x + (l.X+r.x)*scale
			for _, g := range r.glyphs {
				if g.id != noGlyph {
					with := &p
					if b.looks != nil && b.look(int(g.cluster))&Linked != 0 {
						with = &linkPen
					}
					with.glyph(r.face, g.id, size*relative(r.face), gx+g.dx*scale, float32(round(base))-g.dy*scale)
				}
				gx += g.adv * scale
			}
		}
	}
	for _, s := range b.spans {
		if s.Look&Linked != 0 {
			b.rule(dst, s, x, y, scale, 0.13, link)
		}
		if s.Look&Struck != 0 {
			b.rule(dst, s, x, y, scale, -0.3, c)
		}
	}
}

// rule draws a line along a span, below the baseline by a share of the size.
func (b *Block) rule(dst *image.RGBA, s Span, x, y, scale, below float32, c color.NRGBA) {
	thick := max(1, round(0.06*b.style.Size*scale))
	for _, r := range b.Select(s.From, s.To) {
		top := round(y+(r.Y+b.baseline())*scale) + round(below*b.style.Size*scale)
		area := image.Rect(round(x+r.X*scale), top, round(x+(r.X+r.W)*scale), top+thick)
		draw.Draw(dst, area, image.NewUniform(c), image.Point{}, draw.Over)
	}
}

// A pen draws glyphs in one colour.
type pen struct {
	dst        *image.RGBA
	r, g, b, a uint32
}

func newPen(dst *image.RGBA, c color.NRGBA) pen {
	return pen{dst, uint32(c.R), uint32(c.G), uint32(c.B), uint32(c.A)}
}

// glyph draws a glyph with its origin at x, y, rounded to quarters of a pixel.
func (p *pen) glyph(face faceID, id uint32, size, x, y float32) {
	k := maskKey{face: face, glyph: id, size: size}
	if face == emoji {
		x, y = float32(round(x)), float32(round(y))
	}
	qx, qy := round(x*4), round(y*4)
	px, py := qx>>2, qy>>2
	k.subX, k.subY = uint8(qx&3), uint8(qy&3)
	m := masks.get(k)
	at := image.Pt(px+m.left, py+m.top)
	switch {
	case m.alpha != nil:
		p.ink(m.alpha, at)
	case m.picture != nil:
		p.paint(m.picture, at)
	}
}

// div255 divides by 255, rounding to nearest, for v up to 255*255.
func div255(v uint32) uint32 { return (v + 128) * 257 >> 16 }

// ink lays the pen's colour through a mask.
func (p *pen) ink(m *image.Alpha, at image.Point) {
	area := m.Rect.Add(at).Intersect(p.dst.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		src := m.Pix[(y-at.Y)*m.Stride+area.Min.X-at.X:][:area.Dx()]
		dst := p.dst.Pix[p.dst.PixOffset(area.Min.X, y):][:4*area.Dx()]
		for i, v := range src {
			if v == 0 {
				continue
			}
			a := uint32(v)
			if p.a != 255 {
				a = div255(a * p.a)
			}
			d := dst[4*i:][:4:4]
			keep := 255 - a
			d[0] = uint8(div255(p.r*a + uint32(d[0])*keep))
			d[1] = uint8(div255(p.g*a + uint32(d[1])*keep))
			d[2] = uint8(div255(p.b*a + uint32(d[2])*keep))
			d[3] = uint8(div255(255*a + uint32(d[3])*keep))
		}
	}
}

// paint lays a picture over what is there.
func (p *pen) paint(m *image.RGBA, at image.Point) {
	area := m.Rect.Add(at).Intersect(p.dst.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		src := m.Pix[m.PixOffset(area.Min.X-at.X, y-at.Y):][:4*area.Dx()]
		dst := p.dst.Pix[p.dst.PixOffset(area.Min.X, y):][:4*area.Dx()]
		for i := 0; i < len(src); i += 4 {
			keep := 255 - div255(uint32(src[i+3])*p.a)
			for k := range 4 {
				dst[i+k] = uint8(min(255, div255(uint32(src[i+k])*p.a)+div255(uint32(dst[i+k])*keep)))
			}
		}
	}
}
