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
	for _, r := range order {
		if n == 0 {
			break
		}
		part := run{r.slot, min(r.count, n)}
		taken = taken.give(part)
		n -= part.count
	}
	return taken, rs.without(taken), true
}

// with returns what is in either, which are disjoint.
func (rs runs) with(o runs) runs {
	for _, r := range o {
		rs = rs.give(r)
	}
	return rs
}

// without returns what is in rs and not in o.
func (rs runs) without(o runs) (left runs) {
	for _, r := range rs {
		for _, cut := range o {
			if cut.end() <= r.slot || r.end() <= cut.slot {
				continue
			}
			if r.slot < cut.slot {
				left = append(left, run{r.slot, cut.slot - r.slot})
			}
			r = run{cut.end(), r.end() - min(r.end(), cut.end())}
		}
		if r.count > 0 {
			left = append(left, r)
		}
	}
	return left
}

// extents returns rs as the ledger has them.
func (rs runs) extents(as ID) (es []Extent) {
	for _, r := range rs {
		es = append(es, Extent{Slot: r.slot, Count: r.count, Blob: as})
	}
	return es
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
