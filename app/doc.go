// Package app is the messenger's core: one Messenger holds a profile's contacts,
// pairings and messages over a Store and a Transport, and knows neither SQLite
// nor libp2p nor a window.
//
// # Goroutines
//
// Messenger.Run owns them all; when it returns, all have ended.
//
//	loop        the goroutine of Run. It alone changes state: it executes
//	            operations, everything that waits in one Store.Update, and takes
//	            over what they changed only when that is durable.
//	transport   Transport.Run with whatever that starts. Its calls (inbound)
//	            become operations; Received waits for the commit.
//	introducer  hands the newest set of parties to the transport.
//	sender      one for each contact with a proven link: writes the outbox to it,
//	            in order, without ever delaying the loop.
//	pipe        one for each proven link: writes the few cells of a pairing.
//
// Methods of Messenger run on their caller's goroutine and submit an operation;
// those that read only the store go to it directly.
//
// # What is promised about messages
//
// Send commits the message, its sealed box and the next ratchet state together.
// Boxes are resent byte for byte, in order of their numbers, until they are
// acknowledged. The receiver takes number n+1 only after n: a box that comes early
// is forgotten, ratchet step included, and comes again. So each is shown
// once and in order, and what a crash repeats is recognised by its digest. Only a
// sender that gave messages up may leave numbers out, and says so (content.Base).
//
// # What is done about lost sessions
//
// Two contacts renew their ratchet without meeting (reset.go) when one of them went
// back to an older copy, opens nothing any more, or is asked to. What was under way
// is sealed again under its numbers, unless the peer says that these were used: then
// the own numbering begins anew (restore.go). A profile that is itself an older copy
// drops every ratchet first.
//
// # Files
//
//	model.go, events.go, errors.go, ports.go   what others see and provide
//	messenger.go, loop.go, work.go             Run, operations, commits
//	subscribe.go                               events to listeners
//	contacts.go, chats.go                      what windows ask for
//	content.go, line.go                        what travels inside the ratchet, and its numbering
//	peer.go, send.go, receive.go, repeat.go    one contact: outbox and arrivals
//	reset.go, restore.go                       renewed sessions, older copies
//	route.go, sender.go, inbound.go            links, senders, calls of the transport
//	card.go, pairing.go, meet.go, verify.go    pairing: cards, state, handshake, trust
//	meet_timers.go, tick.go, clock*.go         what waits for time to pass
//	name.go, limits.go                         names and their look-alikes; every limit
package app
