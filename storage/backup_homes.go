package storage

import (
	"database/sql"
	"slices"

	"tacit/app"
)

type nodeEntry struct {
	_         struct{} `cbor:",toarray"`
	ID        int64
	Address   string // identity.NodeAddress
	Account   []byte // 32 bytes, a seed
	Default   bool
	State     string
	AddedAt   int64
	SeenAt    int64
	LeavingAt int64
	OfferedBy int64 // a contact; 0: none
}

// lotEntry is a lot without its spares: one that was issued since would be issued twice.
type lotEntry struct {
	_        struct{} `cbor:",toarray"`
	ID       int64
	Node     int64
	Lot      []byte // 16 bytes, its name there
	Until    int64
	Due      int64
	Uploaded bool
	IssuedAt int64
}

type offerEntry struct {
	_       struct{} `cbor:",toarray"`
	Contact int64
	Address string // identity.NodeAddress
}

// hideEntry says that a contact learns no address of this computer.
type hideEntry struct {
	_       struct{} `cbor:",toarray"`
	Contact int64
}

func (*nodeEntry) kind() byte  { return kindNode }
func (*lotEntry) kind() byte   { return kindLot }
func (*offerEntry) kind() byte { return kindOffer }
func (*hideEntry) kind() byte  { return kindHide }

func (n *nodeEntry) check() error {
	return bounds(n.ID > 0, n.Address != "", len(n.Address) <= maxAddress, len(n.Account) == 32, len(n.State) <= maxWord, n.OfferedBy >= 0)
}

func (l *lotEntry) check() error { return bounds(l.ID > 0, l.Node > 0, len(l.Lot) == 16) }

func (o *offerEntry) check() error {
	return bounds(o.Contact > 0, o.Address != "", len(o.Address) <= maxAddress)
}

func (h *hideEntry) check() error { return bounds(h.Contact > 0) }

// homeEntries returns what stands behind the messages.
func (t *tx) homeEntries() ([]entry, error) {
	nodes, err := all(t.s, func(r *sql.Rows) (entry, error) {
		n := new(nodeEntry)
		return n, r.Scan(&n.ID, &n.Address, &n.Account, &n.Default, &n.State, &n.AddedAt, &n.SeenAt, &n.LeavingAt, &n.OfferedBy)
	}, "SELECT "+nodeColumns+" ORDER BY id")
	if err != nil {
		return nil, err
	}
	lots, err := all(t.s, func(r *sql.Rows) (entry, error) {
		l := new(lotEntry)
		return l, r.Scan(&l.ID, &l.Node, &l.Lot, &l.Until, &l.Due, &l.Uploaded, &l.IssuedAt)
	}, "SELECT id, node, lot, until, due, uploaded, issued_at FROM lots ORDER BY id")
	if err != nil {
		return nil, err
	}
	offers, err := all(t.s, func(r *sql.Rows) (entry, error) {
		o := new(offerEntry)
		return o, r.Scan(&o.Contact, &o.Address)
	}, "SELECT contact, address FROM offers ORDER BY contact")
	if err != nil {
		return nil, err
	}
	hidden, err := all(t.s, func(r *sql.Rows) (entry, error) {
		h := new(hideEntry)
		return h, r.Scan(&h.Contact)
	}, "SELECT id FROM contacts WHERE hide = 1 ORDER BY id")
	return slices.Concat(nodes, lots, offers, hidden), err
}

// insertHome restores one of them.
func (t *tx) insertHome(e entry) (err error) {
	switch e := e.(type) {
	case *nodeEntry:
		var offeredBy any
		if e.OfferedBy != 0 {
			offeredBy = e.OfferedBy
		}
		_, err = t.s.exec(`INSERT INTO nodes (id, address, account, chosen, state, added_at, seen_at, leaving_at, offered_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.ID, e.Address, e.Account, e.Default, e.State, e.AddedAt, e.SeenAt, e.LeavingAt, offeredBy)
	case *lotEntry:
		_, err = t.s.exec("INSERT INTO lots (id, node, lot, until, due, uploaded, spares, issued_at) VALUES (?, ?, ?, ?, ?, ?, x'', ?)",
			e.ID, e.Node, e.Lot, e.Until, e.Due, e.Uploaded, e.IssuedAt)
	case *offerEntry:
		err = t.SetOffer(app.OfferRecord{Contact: app.ContactID(e.Contact), Address: e.Address})
	case *hideEntry:
		err = t.s.change("UPDATE contacts SET hide = 1 WHERE id = ?", e.Contact)
	}
	return err
}
