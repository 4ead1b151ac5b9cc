package markup

import "unicode"

// opened is a sign of weight that waits for its partner.
type opened struct {
	kind Kind // Bold|Italic for three stars
	sign rune
	from int
	n    int
}

// inline reads a line, or what follows the sign of a quote on it.
func (p *parser) inline(from, end int) {
	var open []opened // at most one of each kind
	for i := from; i < end; {
		n := 1
		switch r := p.raw[i]; r {
		case '`':
			n = p.run(i, end)
			if n > maxTicks {
				break
			}
			if after := p.code(i, n, end); after > 0 {
				n = after - i
			}
		case '*', '_', '~':
			n = p.run(i, end)
			open = p.weigh(open, i, n, from, end)
		case 'h', 'H', 'm', 'M':
			if i > from && isWord(p.raw[i-1]) {
				break
			}
			if stop, ok := linkAt(p.raw[:end], i); stop > i {
				if ok {
					p.spans = append(p.spans, found{Link, i, stop, string(p.raw[i:stop])})
				}
				n = stop - i
			}
		}
		i += n
	}
}

// run returns how many of the same sign stand at i.
func (p *parser) run(i, end int) int {
	n := 1
	for i+n < end && p.raw[i+n] == p.raw[i] {
		n++
	}
	return n
}

// code reads what stands between two runs of n backticks, and returns where that ends,
// or 0. It finds nothing at most once a line for each n: the next such run would have
// been its partner.
func (p *parser) code(i, n, end int) int {
	for j := i + n; j < end; {
		if p.raw[j] != '`' {
			j++
			continue
		}
		m := p.run(j, end)
		if m == n {
			p.add(Code, i, i+n, j, j+n)
			return j + n
		}
		j += m
	}
	return 0
}

// kindOf returns what a run of signs means, or 0.
func kindOf(sign rune, n int) Kind {
	switch {
	case sign == '*' && n == 1, sign == '_' && n == 1:
		return Italic
	case sign == '*' && n == 2:
		return Bold
	case sign == '*' && n == 3:
		return Bold | Italic
	case sign == '~' && n == 2:
		return Strike
	}
	return 0
}

// weigh opens or closes a weight with the n signs at i, in a line from..end.
func (p *parser) weigh(open []opened, i, n, from, end int) []opened {
	k := kindOf(p.raw[i], n)
	if k == 0 || i > from && p.raw[i-1] == '\\' {
		return open
	}
	before, after := ' ', ' '
	if i > from {
		before = p.raw[i-1]
	}
	if i+n < end {
		after = p.raw[i+n]
	}
	for o := len(open) - 1; o >= 0; o-- {
		if open[o].kind != k || open[o].sign != p.raw[i] {
			continue
		}
		if isSpace(before) || joins(k, after) || open[o].from+open[o].n == i {
			break
		}
		p.close(open[o], i, n)
		return open[:o] // what was opened inside ends with it, and is shown as it was typed
	}
	var overlap Kind
	for _, o := range open {
		overlap |= o.kind
	}
	if overlap&k != 0 || isSpace(after) || joins(k, before) {
		return open
	}
	return append(open, opened{k, p.raw[i], i, n})
}

// close notes the weight between two signs; three stars are two weights.
func (p *parser) close(o opened, i, n int) {
	k := o.kind
	if k == Bold|Italic {
		p.spans = append(p.spans, found{kind: Italic, from: o.from + o.n, to: i})
		k = Bold
	}
	p.add(k, o.from, o.from+o.n, i, i+n)
}

// joins reports that a sign beside r stands inside a word, where it means itself:
// snake_case, 2*3*4. Two signs may stand inside the words of scripts that write
// articles and conjunctions joined to them.
func joins(k Kind, r rune) bool {
	if k == Bold || k == Strike {
		return r < 0x80 && isWord(r)
	}
	return isWord(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isSpace(r rune) bool { return unicode.IsSpace(r) }
