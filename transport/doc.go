// Package transport meets parties on the local network and carries cells to them.
//
// A host runs under a throw-away peer key and answers nothing but the protocol
// /tacit/1. A beacon says only that key's peer ID and the ports; every host dials
// every other once and shows rendezvous tags which only the right party can read.
// Whoever proves itself gets one long-lived stream of cells, acknowledgements and
// heartbeats, the link (link.go), and beside it, on the same connection, a lane of file
// cells in each direction that needs one (lane.go): messages never wait behind files.
// Everybody else gets 32 random bytes.
//
// Switched off (gate.go), nothing is open and nothing leaves. Connections says what is
// open otherwise.
package transport
