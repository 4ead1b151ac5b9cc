// Package pairing is the card that adds a contact: my card or theirs, then the codes.
package pairing
