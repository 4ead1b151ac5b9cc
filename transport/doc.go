// Package transport meets parties, on the local network and on the internet, and carries
// cells to them.
//
// On the local network (station.go) a host runs under a throw-away peer key and answers
// nothing but the protocol /tacit/1. A beacon says only that key's peer ID and the ports;
// every host dials every other once and shows rendezvous tags which only the right party
// can read. On the internet (relay.go), which SetInternet opens, another host reserves
// circuits at the own nodes (keeper.go), leaves word of them there (presence.go), reads that
// of parties and dials them (seeker.go, search.go), and replaces a relayed link by a
// straight one where both sides may know each other's address (puncher.go, punch.go).
//
// Whoever proves itself (greeter.go, hello.go) gets one long-lived stream of cells,
// acknowledgements and heartbeats, the link (link.go), and beside it, on the same connection,
// a lane of file cells in each direction that needs one (lane.go): messages never wait
// behind files. A link by a better way takes the place of one by a worse (seat.go).
// Everybody else gets 32 random bytes.
//
// Whoever pairs nearby is shown to others who do (nearby.go), by a host and a beacon of
// their own (nearstation.go), while RunNearby runs; what they say is package near.
//
// Switched off (gate.go), nothing is open and nothing leaves. Connections says what is
// open otherwise.
package transport
