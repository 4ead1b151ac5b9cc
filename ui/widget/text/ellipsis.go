package text

import "github.com/go-text/typesetting/language"

const ellipsisRune = '…'

// ellipsis ends the block with a line that begins at rune start of the
// paragraph and is cut where an ellipsis still fits. The text keeps the levels
// it has in the whole paragraph; the ellipsis takes the paragraph's own, so
// that no override in the text can move it.
func (lay *layouter) ellipsis(pa *paragraph, start int) {
	lay.Truncated = true
	limit := lay.limit()
	dots := lay.ellipsisWidth()
	end, x := start, float32(0)
	for i := start; i < len(pa.text); i++ {
		if lay.flags[pa.at+i]&mandatory != 0 && i > start {
			break
		}
		if lay.flags[pa.at+i]&cut != 0 && x+lay.cluster(pa, i)+dots > limit {
			break
		}
		x += lay.adv[pa.at+i]
		end = i + 1
	}
	for {
		for end > start && (isHanging(pa.text[end-1]) || isInvisible(pa.text[end-1])) {
			end--
		}
		l := lay.cutLine(pa, start, end)
		if l.Width <= limit || end == start {
			lay.Lines = append(lay.Lines, l)
			return
		}
		for end--; end > start && lay.flags[pa.at+end]&(stop|cut) != stop|cut; end-- {
		}
	}
}

// endWithEllipsis puts an ellipsis on the last line, where the text ends with
// its paragraph but goes on after it.
func (lay *layouter) endWithEllipsis() {
	last := len(lay.Lines) - 1
	start := lay.Lines[last].Start
	lay.Lines = lay.Lines[:last]
	lay.ellipsis(lay.para, start-lay.para.at)
}

// ellipsisWidth is the width of a lone ellipsis.
func (lay *layouter) ellipsisWidth() float32 {
	id := lay.ellipsisFace()
	face := lay.sh.face(id)
	g, _ := face.NominalGlyph(ellipsisRune)
	return face.HorizontalAdvance(g) * lay.style.Size / float32(face.Upem())
}

func (lay *layouter) ellipsisFace() faceID { return facesOf(0, lay.style, false)[0] }

// cutLine shapes the paragraph's runes from a up to b, with an ellipsis, as a
// line. Letters at the cut get their final forms.
func (lay *layouter) cutLine(pa *paragraph, a, b int) Line {
	n := b - a
	sub := layouter{sh: lay.sh, o: lay.o, Block: &Block{
		style: lay.style,
		runes: append(append(make([]rune, 0, n+1), pa.text[a:b]...), ellipsisRune),
		adv:   make([]float32, n+1),
		flags: append(append(make([]mark, 0, n+2), lay.flags[pa.at+a:pa.at+b]...), stop|cut, stop|cut),
	}}
	cutPa := paragraph{text: sub.runes, uba: pa.uba.Cut(a, b), rtl: pa.rtl}
	cutPa.faces = append(append(cutPa.faces, pa.faces[a:b]...), lay.ellipsisFace())
	cutPa.scripts = append(append(cutPa.scripts, pa.scripts[a:b]...), language.Latin)
	sub.shape(&cutPa)
	sub.line(&cutPa, 0, n+1, true)
	l := sub.Lines[0]
	at := pa.at + a
	l.Start, l.End, l.panel = at, at+n, lay.panel
	for i := range l.runs {
		r := &l.runs[i]
		r.start += at
		r.end += at
		for k := range r.glyphs {
			r.glyphs[k].cluster += int32(at)
		}
	}
	copy(lay.adv[at:at+n], sub.adv[:n])
	return l
}
