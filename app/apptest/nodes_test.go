package apptest

import (
	"testing"

	"tacit/app"
	"tacit/identity"
)

func TestNodesSuite(t *testing.T) {
	NodesSuite(t, func(*testing.T) NodesWorld {
		ns, n := NewNodes(), 0
		return NodesWorld{
			Nodes: [2]identity.Hint{ns.Node("one").Hint, ns.Node("two").Hint},
			Open: func(*testing.T) app.Nodes {
				n++
				return ns.For(string(rune('a' + n)))
			},
		}
	})
}
