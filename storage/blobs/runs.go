package blobs

import (
	"cmp"
	"slices"
)

// run is a number of consecutive slots.
type run struct{ slot, count uint32 }

func (r run) end() uint32 { return r.slot + r.count }

// runs are disjoint, ascending, and none touches the next.
type runs []run

func (rs runs) total() (n uint32) {
	for _, r := range rs {
		n += r.count
	}
	return n
}

// give returns rs with r, which is disjoint from them.
func (rs runs) give(r run) runs {
	if r.count == 0 {
		return rs
	}
	i, _ := slices.BinarySearchFunc(rs, r.slot, func(a run, slot uint32) int { return cmp.Compare(a.slot, slot) })
	rs = slices.Insert(slices.Clone(rs), i, r)
	if i+1 < len(rs) && rs[i].end() == rs[i+1].slot {
		rs[i].count += rs[i+1].count
		rs = slices.Delete(rs, i+1, i+2)
	}
	if i > 0 && rs[i-1].end() == rs[i].slot {
		rs[i-1].count += rs[i].count
		rs = slices.Delete(rs, i, i+1)
	}
	return rs
}

// take returns n slots of rs and what is left: the lowest run that holds them all, so that
// the end of the container falls free; else the longest ones, so that they are few. False
// where there are not so many.
func (rs runs) take(n uint32) (taken, left runs, ok bool) {
	if rs.total() < n {
		return nil, rs, false
	}
	order := slices.Clone(rs)
	if i := slices.IndexFunc(rs, func(r run) bool { return r.count >= n }); i >= 0 {
		order = runs{rs[i]}
	} else {
		slices.SortStableFunc(order, func(a, b run) int { return cmp.Compare(b.count, a.count) })
	}
	left = rs
	for _, r := range order {
		if n == 0 {
			break
		}
		part := run{r.slot, min(r.count, n)}
		taken, left = taken.give(part), left.drop(part)
		n -= part.count
	}
	return taken, left, true
}

// drop returns rs without r, which begins where one of them does.
func (rs runs) drop(r run) runs {
	i := slices.IndexFunc(rs, func(a run) bool { return a.slot == r.slot })
	rest := run{r.end(), rs[i].count - r.count}
	if rest.count == 0 {
		return slices.Delete(slices.Clone(rs), i, i+1)
	}
	rs = slices.Clone(rs)
	rs[i] = rest
	return rs
}

// below returns what of rs lies below a slot.
func (rs runs) below(slot uint32) (low runs) {
	for _, r := range rs {
		if r.slot < slot {
			low = append(low, run{r.slot, min(r.end(), slot) - r.slot})
		}
	}
	return low
}
