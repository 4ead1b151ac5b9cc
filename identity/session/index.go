package session

import "tacit/identity/envelope"

// Index finds by its token which contact a cell is from, without trying their
// keys. It is not safe for use by several goroutines.
type Index[K comparable] struct {
	owners map[envelope.Token]place[K]
}

// place is whose a token is, and which of its grant.
type place[K comparable] struct {
	owner K
	index uint32
}

// Add makes every token of a grant lead to k.
func (x *Index[K]) Add(k K, g envelope.Grant) {
	if x.owners == nil {
		x.owners = make(map[envelope.Token]place[K])
	}
	for i := range g.Count {
		x.owners[g.Token(i)] = place[K]{k, i}
	}
}

// Remove forgets the tokens of a grant.
func (x *Index[K]) Remove(g envelope.Grant) {
	for i := range g.Count {
		delete(x.owners, g.Token(i))
	}
}

// Find returns whose token t is, and which of its grant.
func (x *Index[K]) Find(t envelope.Token) (k K, i uint32, ok bool) {
	p, ok := x.owners[t]
	return p.owner, p.index, ok
}
