package markup

import (
	"cmp"
	"slices"
	"strings"
)

// Parse reads what a person typed. It never fails.
func Parse(typed string) Text {
	if plain(typed) {
		return Text{Shown: typed}
	}
	p := parser{raw: []rune(typed)}
	p.lines()
	if len(p.signs) == 0 && len(p.spans) == 0 {
		return Text{Shown: typed}
	}
	return p.text()
}

// plain reports that a text holds nothing to be found, for the many that do not.
func plain(s string) bool {
	return !strings.ContainsAny(s, "*_~`>:")
}

// A parser is one reading under way. All its places are in raw.
type parser struct {
	raw     []rune
	spans   []found
	signs   []sign
	unended bool // no line of three backticks follows any more
}

type found struct {
	kind     Kind
	from, to int
	url      string
}

// add notes a span and the signs before and after it.
func (p *parser) add(k Kind, from, inFrom, inTo, to int) {
	p.spans = append(p.spans, found{kind: k, from: inFrom, to: inTo})
	if from < inFrom {
		p.signs = append(p.signs, sign{from, inFrom, inFrom, inTo})
	}
	if inTo < to {
		p.signs = append(p.signs, sign{inTo, to, inFrom, inTo})
	}
}

// lineEnd returns where the line that begins at i ends, before its break.
func (p *parser) lineEnd(i int) int {
	if k := slices.Index(p.raw[i:], '\n'); k >= 0 {
		return i + k
	}
	return len(p.raw)
}

func (p *parser) lines() {
	quote := -1 // where the quote began that goes on
	for i := 0; i <= len(p.raw); {
		end := p.lineEnd(i)
		n := p.quoteSign(i, end)
		if n == 0 {
			p.endQuote(&quote, i)
			if after := p.block(i, end); after > 0 {
				i = after
				continue
			}
		} else if quote < 0 {
			quote = i
		}
		if n > 0 {
			p.signs = append(p.signs, sign{i, i + n, i + n, end})
		}
		p.inline(i+n, end)
		i = end + 1
	}
	p.endQuote(&quote, len(p.raw)+1)
}

// quoteSign returns how long the sign of a quote is at the beginning of a line.
func (p *parser) quoteSign(i, end int) int {
	if i+1 < end && p.raw[i] == '>' && p.raw[i+1] == ' ' {
		return 2
	}
	return 0
}

// endQuote ends a quote before the line that begins at i.
func (p *parser) endQuote(quote *int, i int) {
	if *quote >= 0 {
		p.spans = append(p.spans, found{kind: Quote, from: *quote, to: i - 1})
		*quote = -1
	}
}

// block reads lines of code, whose first sign is the line from i to end, and returns
// where the line after them begins, or 0 if that is no such sign.
func (p *parser) block(i, end int) int {
	if p.unended || !p.fence(i, end, false) || end == len(p.raw) {
		return 0
	}
	for j := end + 1; j <= len(p.raw); {
		e := p.lineEnd(j)
		if p.fence(j, e, true) {
			if j-1 <= end+1 {
				return 0 // nothing between the signs
			}
			p.add(Block, i, end+1, j-1, e)
			return e + 1
		}
		j = e + 1
	}
	p.unended = true
	return 0
}

// fence reports whether a line is a sign of code: three backticks or more, and at the
// first of the two perhaps the name of a language.
func (p *parser) fence(i, end int, last bool) bool {
	n := 0
	for i+n < end && p.raw[i+n] == '`' {
		n++
	}
	if n < 3 {
		return false
	}
	for _, r := range p.raw[i+n : end] {
		if r == '`' || last && !isSpace(r) {
			return false
		}
	}
	return true
}

// text puts together what is shown.
func (p *parser) text() Text {
	n := len(p.raw)
	t := Text{
		raw: p.raw, signs: p.signs,
		sign: make([]int32, n), shown: make([]int32, n+1), at: make([]int32, 0, n+1),
	}
	for k, s := range p.signs {
		for i := s.from; i < s.to; i++ {
			t.sign[i] = int32(k + 1)
		}
	}
	var shown strings.Builder
	shown.Grow(n)
	for i, r := range p.raw {
		t.shown[i] = int32(len(t.at))
		if t.sign[i] == 0 {
			t.at = append(t.at, int32(i))
			shown.WriteRune(r)
		}
	}
	t.shown[n] = int32(len(t.at))
	t.at = append(t.at, int32(n))
	t.Shown = shown.String()
	for _, f := range p.spans {
		s := Span{Kind: f.kind, From: int(t.shown[f.from]), To: int(t.shown[f.to]), URL: f.url}
		if s.From < s.To {
			t.Spans = append(t.Spans, s)
		}
	}
	slices.SortFunc(t.Spans, func(a, b Span) int {
		return cmp.Or(a.From-b.From, b.To-a.To, cmp.Compare(a.Kind, b.Kind))
	})
	return t
}
