package text

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"math"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// A maskKey names a glyph as it is drawn: at a size in device pixels and at a
// quarter of a pixel.
type maskKey struct {
	face       faceID
	subX, subY uint8 // quarters
	glyph      uint32
	size       float32
}

// A mask is a drawn glyph: coverage, or a picture for emoji. left and top are
// its place from the origin, in pixels, downward. Masks never change.
type mask struct {
	alpha     *image.Alpha
	picture   *image.RGBA
	left, top int
}

func (m *mask) bytes() int {
	const overhead = 160
	switch {
	case m.alpha != nil:
		return overhead + len(m.alpha.Pix)
	case m.picture != nil:
		return overhead + len(m.picture.Pix)
	}
	return overhead
}

// A maskCache keeps the masks used last, in two generations: when the young one
// is full it becomes the old one, and what is used out of the old one is young
// again. So it is bounded, and costs one lookup.
type maskCache struct {
	mu         sync.Mutex
	young, old map[maskKey]*mask
	size       int                   // bytes of young
	faces      [faceCount]*font.Face // for drawing only
}

var masks = maskCache{young: map[maskKey]*mask{}}

// get returns the mask of a glyph. It holds the lock while it draws: outlines
// of one face cannot be read by two goroutines at once.
func (c *maskCache) get(k maskKey) *mask {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.young[k]; ok {
		return m
	}
	m, ok := c.old[k]
	if !ok {
		if c.faces[k.face] == nil {
			c.faces[k.face] = font.NewFace(fonts[k.face]())
		}
		m = drawGlyph(c.faces[k.face], k)
	}
	if c.size += m.bytes(); c.size > cacheBytes {
		c.old, c.young, c.size = c.young, map[maskKey]*mask{}, m.bytes()
	}
	c.young[k] = m
	return m
}

func drawGlyph(f *font.Face, k maskKey) *mask {
	switch d := f.GlyphData(font.GID(k.glyph)).(type) {
	case font.GlyphOutline:
		return drawOutline(d.Segments, outlinePlace{
			scale: k.size / float32(f.Upem()), dx: float32(k.subX) / 4, dy: float32(k.subY) / 4,
			thick: thickening[k.face] * k.size, lean: leaning[k.face],
		})
	case font.GlyphBitmap:
		ext, ok := f.GlyphExtents(font.GID(k.glyph))
		if ok {
			return drawBitmap(d, ext, k.size/float32(f.Upem()))
		}
	}
	return &mask{}
}

// points returns how many of a segment's arguments count.
func points(s *opentype.Segment) []opentype.SegmentPoint {
	switch s.Op {
	case opentype.SegmentOpQuadTo:
		return s.Args[:2]
	case opentype.SegmentOpCubeTo:
		return s.Args[:3]
	}
	return s.Args[:1]
}

// An outlinePlace is where an outline, given upward in font units, is drawn:
// scaled to pixels, moved right and down by a fraction of one, its stems thicker
// by some pixels, and leaning to the right by a share of its height.
type outlinePlace struct{ scale, dx, dy, thick, lean float32 }

func (o outlinePlace) at(p opentype.SegmentPoint) (x, y float32) {
	return (p.X+p.Y*o.lean)*o.scale + o.dx, o.dy - p.Y*o.scale
}

// bounds returns the box around an outline's points.
func (o outlinePlace) bounds(segments []opentype.Segment) (x0, y0, x1, y1 float32) {
	inf := float32(math.Inf(1))
	x0, y0, x1, y1 = inf, inf, -inf, -inf
	for i := range segments {
		for _, p := range points(&segments[i]) {
			x, y := o.at(p)
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
	}
	return x0 - o.thick/2, y0, x1 + o.thick/2, y1
}

// drawOutline fills an outline. A thicker one is the sum of three, side by side.
func drawOutline(segments []opentype.Segment, o outlinePlace) *mask {
	x0, y0, x1, y1 := o.bounds(segments)
	if x0 > x1 {
		return &mask{}
	}
	left, top := floor(x0), floor(y0)
	w, h := floor(x1)+1-left, floor(y1)+1-top
	m := &mask{alpha: image.NewAlpha(image.Rect(0, 0, w, h)), left: left, top: top}
	o.dx -= float32(left)
	o.dy -= float32(top)
	shifts := []float32{0}
	if o.thick > 0 {
		shifts = []float32{-o.thick / 2, 0, o.thick / 2}
	}
	r := vector.NewRasterizer(w, h)
	middle := o.dx
	for _, shift := range shifts {
		o.dx = middle + shift
		r.Reset(w, h)
		o.trace(r, segments)
		r.DrawOp = draw.Over
		r.Draw(m.alpha, m.alpha.Bounds(), image.Opaque, image.Point{})
	}
	return m
}

// trace gives an outline to a rasterizer.
func (o outlinePlace) trace(r *vector.Rasterizer, segments []opentype.Segment) {
	for i := range segments {
		s := &segments[i]
		ax, ay := o.at(s.Args[0])
		bx, by := o.at(s.Args[1])
		cx, cy := o.at(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(ax, ay)
		case opentype.SegmentOpLineTo:
			r.LineTo(ax, ay)
		case opentype.SegmentOpQuadTo:
			r.QuadTo(ax, ay, bx, by)
		case opentype.SegmentOpCubeTo:
			r.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	r.ClosePath()
}

// drawBitmap scales the picture of an emoji to whole pixels.
func drawBitmap(d font.GlyphBitmap, ext font.GlyphExtents, scale float32) *mask {
	if d.Format != font.PNG {
		return &mask{}
	}
	src, err := png.Decode(bytes.NewReader(d.Data))
	if err != nil {
		return &mask{}
	}
	w, h := max(1, round(ext.Width*scale)), max(1, round(-ext.Height*scale))
	m := &mask{picture: image.NewRGBA(image.Rect(0, 0, w, h)), left: round(ext.XBearing * scale), top: -round(ext.YBearing * scale)}
	xdraw.CatmullRom.Scale(m.picture, m.picture.Bounds(), src, src.Bounds(), xdraw.Src, nil)
	return m
}

func floor(v float32) int { return int(math.Floor(float64(v))) }
func round(v float32) int { return int(math.Floor(float64(v) + 0.5)) }
