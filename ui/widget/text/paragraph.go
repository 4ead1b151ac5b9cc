package text

import (
	"sort"

	"tacit/ui/widget/bidi"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// A paragraph is one being laid out. Its indices count from at.
type paragraph struct {
	text []rune
	at   int
	uba  bidi.Paragraph
	rtl  bool // it aligns to the right

	faces   []faceID
	scripts []language.Script
	runs    []shaped // in logical order
}

// A shaped is a run as it was shaped, before lines cut it.
type shaped struct {
	start, end int
	level      bidi.Level
	face       faceID
	glyphs     []glyph // in visual order; clusters are indices in the block
}

// segment finds graphemes and line breaks, and a face and script for each rune.
func (lay *layouter) segment(pa *paragraph) {
	n := len(pa.text)
	if n == 0 {
		return
	}
	var look Look
	faces := facesOf(look, lay.style, false)
	pa.faces = make([]faceID, n)
	pa.scripts = make([]language.Script, n)
	flags := lay.flags[pa.at : pa.at+n]
	lay.sh.seg.Init(pa.text)
	prev := faces[0]
	script := language.Latin
	for a, b := range graphemes(&lay.sh.seg, pa.text) {
		flags[a] |= stop
		script = scriptOf(pa.text[a], script)
		if lay.looks != nil {
			look = lay.looks[pa.at+a]
			if now := facesOf(look, lay.style, script == language.Arabic); &now[0] != &faces[0] {
				faces, prev = now, now[0]
			}
		}
		prev = lay.sh.pick(pa.text[a:b], faces, prev)
		for i := a; i < b; i++ {
			pa.faces[i] = prev
			pa.scripts[i] = script
		}
	}
	for it := lay.sh.seg.LineIterator(); it.Next(); {
		l := it.Line()
		end := l.Offset + len(l.Text)
		if end == n {
			break
		}
		if flags[end]&stop == 0 || holdsTogether(pa.text, end) && !l.IsMandatoryBreak {
			continue // before a mark that stands on a space, or a tailored rule
		}
		flags[end] |= breakable
		if l.IsMandatoryBreak {
			flags[end] |= mandatory
		}
	}
}

// scriptOf returns the script of c, or that before it for what all share.
func scriptOf(c rune, before language.Script) language.Script {
	switch {
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return language.Latin
	case c < 0x80:
		return before
	}
	if s := language.LookupScript(c); s != language.Common && s != language.Inherited && s != language.Unknown {
		return s
	}
	return before
}

// shape turns the paragraph into runs of glyphs and fills the advances.
func (lay *layouter) shape(pa *paragraph) {
	for i := 0; i < len(pa.text); {
		j := i + 1
		for j < len(pa.text) && pa.joined(i, j) && !lay.tooLong(pa, i, j) {
			j++
		}
		level := pa.uba.Level(i)
		lay.shapeRun(pa, shaped{start: i, end: j, level: level, face: pa.faces[i]})
		i = j
	}
}

// joined reports whether rune j can be shaped with rune i before it.
func (pa *paragraph) joined(i, j int) bool {
	return pa.uba.Level(i) == pa.uba.Level(j) && pa.faces[i] == pa.faces[j] && pa.scripts[i] == pa.scripts[j]
}

func (lay *layouter) tooLong(pa *paragraph, i, j int) bool {
	switch n := j - i; {
	case n < shortRun:
		return false
	case n >= maxRunGrapheme:
		return true
	case pa.long() && pa.text[j-1] == ' ' || n >= maxRun:
		return lay.flags[pa.at+j]&stop != 0
	}
	return false
}

// shapeRun shapes one run at the size of the font's own units, because the
// shaper rounds any other size up to a whole number, and scales the result.
func (lay *layouter) shapeRun(pa *paragraph, r shaped) {
	face := lay.sh.face(r.face)
	in := shaping.Input{
		Text: pa.text, RunStart: r.start, RunEnd: r.end,
		Face: face, Size: fixed.I(int(face.Upem())),
		Script: pa.scripts[r.start], Direction: di.DirectionLTR,
	}
	if r.level.RTL() {
		in.Direction = di.DirectionRTL
	}
	glyphs, first := lay.glyphs(pa, in, r.face)
	unit := lay.style.Size * relative(r.face) / float32(face.Upem()) / 64
	r.glyphs = make([]glyph, 0, len(glyphs))
	for _, g := range glyphs {
		i := pa.at + first + g.ClusterIndex
		lay.flags[i] |= cut
		if isInvisible(lay.runes[i]) && g.RuneCount <= 1 {
			if lay.runes[i] == '\t' {
				lay.adv[i] = 4 * lay.space(face)
				r.glyphs = append(r.glyphs, glyph{id: noGlyph, cluster: int32(i), adv: lay.adv[i]})
			}
			continue
		}
		adv := float32(g.XAdvance) * unit
		lay.adv[i] += adv
		r.glyphs = append(r.glyphs, glyph{
			id: uint32(g.GlyphID), cluster: int32(i), adv: adv,
			dx: float32(g.XOffset) * unit, dy: float32(g.YOffset) * unit,
		})
	}
	lay.divide(pa.at+r.start, pa.at+r.end)
	pa.runs = append(pa.runs, r)
}

// glyphs returns the glyphs of a run, and the rune that their clusters count from.
func (lay *layouter) glyphs(pa *paragraph, in shaping.Input, face faceID) (out []shaping.Glyph, first int) {
	if !pa.long() || in.RunEnd-in.RunStart > maxKeptRun {
		return lay.sh.hb.Shape(in).Glyphs, 0
	}
	kept, ok := lay.sh.runs.find(&in, face)
	if !ok {
		kept = lay.sh.runs.keep(in.RunStart, lay.sh.hb.Shape(in).Glyphs)
	}
	return kept, in.RunStart
}

// long reports that the runs of the paragraph are kept.
func (pa *paragraph) long() bool { return len(pa.text) >= longParagraph }

// noGlyph is a glyph without ink.
const noGlyph = ^uint32(0)

// space is the width of a space.
func (lay *layouter) space(face *font.Face) float32 {
	g, _ := face.NominalGlyph(' ')
	return face.HorizontalAdvance(g) * lay.style.Size / float32(face.Upem())
}

// divide shares the advance of each cluster among its graphemes, and gives what
// a grapheme of several clusters has to its first rune.
func (lay *layouter) divide(from, to int) {
	for i := from; i < to; {
		stops, end := 0, i
		for end < to && (end == i || lay.flags[end]&cut == 0) {
			if lay.flags[end]&stop != 0 {
				stops++
			}
			end++
		}
		if stops > 1 {
			share := lay.adv[i] / float32(stops)
			for k := i; k < end; k++ {
				lay.adv[k] = 0
				if lay.flags[k]&stop != 0 {
					lay.adv[k] = share
				}
			}
		}
		i = end
	}
	first := from
	for i := from + 1; i < to; i++ {
		if lay.flags[i]&stop != 0 {
			first = i
			continue
		}
		lay.flags[i] &^= cut
		lay.adv[first] += lay.adv[i]
		lay.adv[i] = 0
	}
}

// glyphsOf returns the glyphs of the runes from a up to b of the block.
func (r *shaped) glyphsOf(a, b int) []glyph {
	n := len(r.glyphs)
	if r.level.RTL() {
		lo := sort.Search(n, func(k int) bool { return int(r.glyphs[k].cluster) < b })
		hi := sort.Search(n, func(k int) bool { return int(r.glyphs[k].cluster) < a })
		return r.glyphs[lo:hi]
	}
	lo := sort.Search(n, func(k int) bool { return int(r.glyphs[k].cluster) >= a })
	hi := sort.Search(n, func(k int) bool { return int(r.glyphs[k].cluster) >= b })
	return r.glyphs[lo:hi]
}
