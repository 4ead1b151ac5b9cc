package apptest

import (
	"cmp"
	"slices"

	"tacit/app"
)

type lotKey struct {
	node app.NodeID
	lot  [16]byte
}

// numbered keeps the order in which values were added.
type numbered[T any] struct {
	n     int
	value T
}

func (t *tx) Nodes() ([]app.NodeRecord, error) {
	return sorted(t.nodes, func(a, b app.NodeRecord) int { return cmp.Compare(a.ID, b.ID) }), nil
}

func (t *tx) AddNode(r app.NodeRecord) (app.NodeID, error) {
	if r.OfferedBy != 0 {
		if _, err := get(t.contacts, r.OfferedBy); err != nil {
			return 0, err
		}
	}
	old := t.lastNode
	t.undo = append(t.undo, func() { t.lastNode = old })
	t.lastNode++
	r.ID = t.lastNode
	put(t, t.nodes, r.ID, &r)
	return r.ID, nil
}

func (t *tx) SetNode(r app.NodeRecord) error {
	if _, err := get(t.nodes, r.ID); err != nil {
		return err
	}
	put(t, t.nodes, r.ID, &r)
	return nil
}

func (t *tx) RemoveNode(id app.NodeID) error {
	for k := range t.lots {
		if k.node == id {
			put(t, t.lots, k, nil)
		}
	}
	put(t, t.nodes, id, nil)
	return nil
}

func (t *tx) Lots(id app.NodeID) (out []app.LotRecord, err error) {
	for _, l := range sorted(t.lots, func(a, b numbered[app.LotRecord]) int { return cmp.Compare(a.n, b.n) }) {
		if l.value.Node == id {
			l.value.Spares = slices.Clone(l.value.Spares)
			out = append(out, l.value)
		}
	}
	return out, nil
}

func (t *tx) SetLot(r app.LotRecord) error {
	if _, err := get(t.nodes, r.Node); err != nil {
		return err
	}
	r.Spares = slices.Clone(r.Spares)
	k := lotKey{r.Node, r.ID}
	l, had := t.lots[k]
	if !had {
		l.n = t.count()
	}
	l.value = r
	put(t, t.lots, k, &l)
	return nil
}

// count returns numbers that ascend.
func (t *tx) count() int {
	t.counted++
	return t.counted
}

func (t *tx) RemoveLot(id app.NodeID, lot [16]byte) error {
	put(t, t.lots, lotKey{id, lot}, nil)
	return nil
}

func (t *tx) Offers() ([]app.OfferRecord, error) {
	return sorted(t.offers, func(a, b app.OfferRecord) int { return cmp.Compare(a.Contact, b.Contact) }), nil
}

func (t *tx) SetOffer(r app.OfferRecord) error {
	if _, err := get(t.contacts, r.Contact); err != nil {
		return err
	}
	if r.Address == "" {
		put(t, t.offers, r.Contact, nil)
		return nil
	}
	put(t, t.offers, r.Contact, &r)
	return nil
}

// forgetOf takes away what hangs on a contact by way of nodes.
func (t *tx) forgetOf(c app.ContactID) {
	put(t, t.offers, c, nil)
	put(t, t.early, c, nil)
	put(t, t.owed, c, nil)
	for id, n := range t.nodes {
		if n.OfferedBy == c {
			n.OfferedBy = 0
			put(t, t.nodes, id, &n)
		}
	}
}

var _ app.HomeTx = (*tx)(nil)
