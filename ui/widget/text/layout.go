package text

import (
	"math"

	"tacit/ui/widget/bidi"
)

// Layout lays a text out. It is safe from any goroutine, never fails, and shows
// a replacement character for each byte that is not UTF-8.
func Layout(s string, st Style, o Options) *Block {
	if st.LineHeight <= 0 {
		st.LineHeight = float32(math.Ceil(float64(st.Size) * 1.45))
	}
	sh := shapers.Get().(*shaper)
	defer shapers.Put(sh)
	rs := []rune(s)
	lay := layouter{
		sh: sh,
		o:  o,
		Block: &Block{
			style: st,
			runes: rs,
			adv:   make([]float32, len(rs)),
			flags: make([]mark, len(rs)+1),
		},
	}
	lay.flags[len(rs)] = stop | cut
	lay.spread()
	lay.paragraphs()
	lay.align()
	return lay.Block
}

// A layouter is one layout under way.
type layouter struct {
	*Block
	sh     *shaper
	o      Options
	para   *paragraph   // the latest
	levels []bidi.Level // scratch
	panel  int          // index of the paragraph's panel, plus 1
}

// full reports whether all the lines asked for are there.
func (lay *layouter) full() bool { return lay.o.MaxLines > 0 && len(lay.Lines) >= lay.o.MaxLines }

// limit is where lines break.
func (lay *layouter) limit() float32 {
	if lay.o.Width <= 0 {
		return math.MaxFloat32
	}
	const tolerance = 1.0 / 64 // a block laid out at its own width must not break anew
	return lay.o.Width - lay.room() + tolerance
}

func (lay *layouter) paragraphs() {
	rs := lay.runes
	for p := 0; ; {
		q, sep := p, 0
		for q < len(rs) {
			if sep = separator(rs, q); sep > 0 {
				break
			}
			q++
		}
		lay.paragraph(p, q)
		for i := q; i < q+sep; i++ {
			lay.flags[i] = 0
		}
		if sep > 0 {
			lay.flags[q] = stop | cut
		}
		if sep == 0 {
			return
		}
		if lay.full() {
			if !lay.Truncated {
				lay.Truncated = true
				lay.endWithEllipsis()
			}
			return
		}
		p = q + sep
	}
}

// paragraph lays out runes[p:q].
func (lay *layouter) paragraph(p, q int) {
	lay.enter(p)
	short := q
	if m := lay.o.MaxLines; m > 0 && q-p > m*runesPerShownLine {
		short = p + m*runesPerShownLine
	}
	t := lay.runes[p:short]
	base, strong := lay.base(lay.runes[p:q])
	pa := &paragraph{text: t, at: p, uba: bidi.Resolve(t, base), rtl: base.RTL() || !strong && lay.o.RTL}
	lay.para = pa
	lay.segment(pa)
	lay.shape(pa)
	lay.breakLines(pa, short < q)
}

// base returns the paragraph level, and whether anything called for it.
func (lay *layouter) base(t []rune) (v bidi.Level, strong bool) {
	switch {
	case lay.code(), lay.o.Base == BaseLTR:
		return 0, true
	case lay.o.Base == BaseRTL:
		return 1, true
	}
	return bidi.FirstStrong(t)
}

// align gives the block its size and each line its place.
func (lay *layouter) align() {
	for i := range lay.Lines {
		l := &lay.Lines[i]
		lay.panel = l.panel
		lay.Width = max(lay.Width, l.Width+lay.room())
	}
	if lay.o.Fill && lay.o.Width > 0 {
		lay.Width = lay.o.Width
	}
	for i := range lay.Lines {
		l := &lay.Lines[i]
		free := lay.Width - l.Width
		switch {
		case lay.o.Align == AlignCenter:
			l.X = free / 2
		case l.RTL:
			l.X = free
		}
		lay.indent(l)
	}
	lay.Height = lay.stack()
}
