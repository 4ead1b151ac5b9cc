package fold

import (
	"cmp"
	"slices"
)

// Range is a part of a text in runes: from From, before To.
type Range struct{ From, To int }

// Find returns what of text a query finds, in ascending order and apart: of a word only its
// beginning that was sought. A letter keeps its marks, so that a range never parts the two;
// it may end between letters that are joined when they are drawn.
func Find(text, query string) []Range {
	q := Parse(query)
	if q.Empty() {
		return nil
	}
	f := folded{source: true}
	f.read(text)
	var list []Range
	for _, p := range f.pieces {
		t, from := f.of(p), len(list)
		for _, o := range q.pieces {
			w := q.of(o)
			for at, off := 0, 0; ; off += at + len(w) {
				if at, _ = q.find(o, p.kind, t[off:]); at < 0 || off > 0 && p.kind != run {
					break
				}
				list = append(list, f.origin(p.from+off+at, len(w)))
			}
		}
		slices.SortFunc(list[from:], func(a, b Range) int { return cmp.Compare(a.From, b.From) })
	}
	return joined(list)
}

// origin returns where n bytes of the folded text come from.
func (f *folded) origin(begin, n int) Range {
	r := Range{int(f.at[begin]), int(f.at[begin+n-1]) + 1}
	i, _ := slices.BinarySearch(f.silent, int32(r.To))
	for ; i < len(f.silent) && int(f.silent[i]) == r.To; i++ {
		r.To++
	}
	return r
}

// joined joins the ranges that overlap or touch.
func joined(list []Range) []Range {
	if len(list) == 0 {
		return nil
	}
	out := list[:1]
	for _, r := range list[1:] {
		if last := &out[len(out)-1]; r.From <= last.To {
			last.To = max(last.To, r.To)
		} else {
			out = append(out, r)
		}
	}
	return out
}
