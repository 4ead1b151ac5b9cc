// Package ratchet is the double ratchet with encrypted headers and X-Wing in place of Diffie-Hellman.
package ratchet
