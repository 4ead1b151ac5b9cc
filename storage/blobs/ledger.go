package blobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// ID names a blob; it is never given twice.
type ID int64

// What an extent is that no blob has.
const (
	condemned ID = 0  // to be overwritten before it is free
	raw       ID = -1 // never written; the rest as free
)

// Extent is a run of slots that holds consecutive boxes of a blob.
type Extent struct {
	Slot  uint32 // the first
	Count uint32
	Blob  ID     // 0 and below: none's
	Box   uint32 // number of the box in the first slot; 0 where it is no blob's
}

// State is what a ledger holds.
type State struct {
	Slots   uint32 // of the container
	Last    ID     // the greatest that was given
	Extents []Extent
}

// Change is what a ledger makes durable together, in this order.
type Change struct {
	Slots   uint32   // the container's from now on; 0: as before
	Condemn ID       // all extents of a blob; 0: none
	Free    []Extent // no blob's, which are forgotten
	Add     []Extent // of one new blob, greater than any before, or none's
}

// Ledger says which slot is whose. What it returned nil for survives a crash; after an
// error the change was not made. A Commit waits for whoever else uses the database, so
// nobody who does may call a method of the container that commits: Create, Remove, Wipe and Fill.
type Ledger interface {
	Commit(context.Context, Change) error
}

// layout is a State as the container works with it.
type layout struct {
	blobs     map[ID]*blob
	condemned []run
	raw, free runs
}

// layOut checks that a State does not contradict itself.
func layOut(s State) (layout, error) {
	l := layout{blobs: map[ID]*blob{}}
	if s.Slots > mostSlots {
		return l, fmt.Errorf("%w: %d slots", ErrDamaged, s.Slots)
	}
	extents := slices.Clone(s.Extents)
	slices.SortFunc(extents, func(a, b Extent) int { return cmp.Compare(a.Slot, b.Slot) })
	end := uint32(0)
	for _, e := range extents {
		if e.Slot < end || e.Slot >= s.Slots || e.Count == 0 || e.Count > s.Slots-e.Slot || e.Blob < raw || e.Blob > s.Last {
			return l, fmt.Errorf("%w: an extent lies where it cannot", ErrDamaged)
		}
		if e.Slot > end {
			l.free = append(l.free, run{end, e.Slot - end})
		}
		end = e.Slot + e.Count
		switch e.Blob {
		case condemned:
			l.condemned = append(l.condemned, run{e.Slot, e.Count})
			continue
		case raw:
			l.raw = append(l.raw, run{e.Slot, e.Count})
			continue
		}
		b := l.blobs[e.Blob]
		if b == nil {
			b = new(blob)
			l.blobs[e.Blob] = b
		}
		b.extents = append(b.extents, e)
	}
	if s.Slots > end {
		l.free = append(l.free, run{end, s.Slots - end})
	}
	for _, b := range l.blobs {
		slices.SortFunc(b.extents, func(a, b Extent) int { return cmp.Compare(a.Box, b.Box) })
		for _, e := range b.extents {
			if e.Box != b.boxes {
				return l, fmt.Errorf("%w: a blob has a hole", ErrDamaged)
			}
			b.boxes += e.Count
		}
	}
	return l, nil
}
