// Package node is a mailbox node: it keeps cells for accounts until they are fetched,
// shows where their owners can be met, relays circuits to them, and forwards what they ask
// of other nodes. It learns nothing of who writes to whom.
//
//	host.go       what is open: one port of UDP and TCP under a stable key
//	lobby.go      who is connected, and how fast they may ask
//	service.go    one stream: openings, then the talk
//	requests.go   what each request of a talk does, and wait.go the one that waits
//	keys.go       the keys that talks are sealed to, one a week
//	forward.go    tunnels to other nodes, and target.go where they may lead
//	hop.go        circuits (circuit relay v2)
//	metrics.go    totals for the operator
//
// It answers `/tacit/node/1` and the relay's hop protocol, and nothing else: no identify, no
// ping. Nothing of a user is logged or counted by itself, not even hashed.
package node
