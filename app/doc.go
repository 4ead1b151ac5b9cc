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
//	courier     one for each contact with a proven link: reads blobs and sends the
//	            cells of files that the contact asked for, one file after another.
//	durable     one for a file that comes in, while what came of it is synced and
//	            counted; the transport's call takes the next cells meanwhile.
//	chore       one for each thing that is due at a node: one conversation there.
//	nearby      RunNearby of the transport, while this computer is shown to others who
//	            pair on this network. Its calls become operations.
//	sweeper     removes blobs that no message names.
//	fetcher     one for each own node: fetches what was left there (mail_fetch.go).
//	postman     one for each node that something is to be left at, while there is
//	            something: one conversation for each contact.
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
// A box that finds no link is left at a node of its contact, and stays in the outbox
// until the contact says that it came: a node's word is only that it holds it. What comes
// early from a node is kept, since it does not come again.
//
// # What is said of messages, and files
//
// Reactions, edits, deletions, timers, receipts and words about files are sayings: they
// wait in a queue of their own, of several about one thing the last, and say what holds
// and not what changed. So their order against messages does not matter, and one about a
// message that is not here does nothing. Files are imported whole, sealed into a blob,
// then said; the receiver pulls (files.go).
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
//	model.go, events.go, errors.go, ports*.go    what others see and provide
//	preferences.go, connections.go               what is told and open, by choice
//	messenger.go, loop.go, work.go               Run, operations, commits
//	subscribe.go                                 events to listeners
//	contacts.go, chats.go                        what windows ask for
//	content.go, body.go, emoji.go, line.go       what travels inside the ratchet, and its numbering
//	peer.go, send.go, receive.go, repeat.go      one contact: outbox and arrivals
//	saying.go, seal.go, receipt.go               the two queues, sealing, acknowledgements
//	react.go, edit.go, delete.go, read.go        what is said of messages
//	expiry.go, presence.go                       messages that vanish; typing and being there
//	files.go, files_move.go, files_content.go    files: what is wanted, paused, ended, and its words
//	files_import.go, files_courier.go            out: sealed into a blob, sent from it
//	files_intake.go, files_take.go               in: cells, checked and in order
//	files_durable.go, files_meter.go             what is synced and counted, and how fast
//	files_reader.go, files_export.go             read and written out; files_full_*.go: no room
//	files_name.go, files_secret.go               clean names; printed redacted
//	mail.go, mail_post.go, mail_reset.go         out by mailbox: what waits, deposits, resets
//	mail_files.go                                small files, which follow their messages
//	mail_fetch.go, mail_take.go, mail_index.go   in: fetched, taken in order, whose token it is
//	mail_receipt.go, mail_secret.go              who is told of what came; printed redacted
//	homes.go, homes_state.go, homes_lots.go      own nodes, and grants made of their lots
//	homes_chores.go, homes_leave.go              what is to be done there; nodes that are left
//	homes_check.go, homes_offers.go              tests of a node; contacts' computers as nodes
//	homes_slots.go, homes_secret.go              pairings over a node; printed redacted
//	reset.go, restore.go                         renewed sessions, older copies
//	route.go, sender.go, inbound.go              links, senders, calls of the transport
//	card.go, pairing.go, meet.go, verify.go      pairing: cards, state, handshake, trust
//	nearby.go, nearby_name.go                    whoever pairs on this network at this moment
//	meet_timers.go, tick.go, clock*.go           what waits for time to pass
//	name.go, secret.go, *limits.go               names and look-alikes; redaction; every limit
package app
