package bidi

import (
	unibidi "golang.org/x/text/unicode/bidi"
)

// A Class is a character's Bidi_Class.
type Class = unibidi.Class

// The classes, named as in UAX #9, table 4.
const (
	l   = unibidi.L
	r   = unibidi.R
	al  = unibidi.AL
	en  = unibidi.EN
	es  = unibidi.ES
	et  = unibidi.ET
	an  = unibidi.AN
	cs  = unibidi.CS
	nsm = unibidi.NSM
	bn  = unibidi.BN
	b   = unibidi.B
	s   = unibidi.S
	ws  = unibidi.WS
	on  = unibidi.ON
	lre = unibidi.LRE
	lro = unibidi.LRO
	rle = unibidi.RLE
	rlo = unibidi.RLO
	pdf = unibidi.PDF
	lri = unibidi.LRI
	rli = unibidi.RLI
	fsi = unibidi.FSI
	pdi = unibidi.PDI
)

// ClassOf returns the Bidi_Class of c.
func ClassOf(c rune) Class {
	p, _ := unibidi.LookupRune(c)
	return p.Class()
}

// IsControl reports whether c is one of the characters that exist only to steer
// this algorithm: marks, embeddings, overrides and isolates. They are resolved
// and never shown.
func IsControl(c rune) bool {
	switch {
	case c == 0x061C, c == 0x200E, c == 0x200F:
		return true
	case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
		return true
	}
	return false
}

func isIsolate(c Class) bool { return c == lri || c == rli || c == fsi }

// isRemoved reports the classes that rule X9 takes out of the text.
func isRemoved(c Class) bool {
	switch c {
	case lre, rle, lro, rlo, pdf, bn:
		return true
	}
	return false
}

// isNeutral reports the classes NI of the N rules.
func isNeutral(c Class) bool {
	switch c {
	case b, s, ws, on, fsi, lri, rli, pdi:
		return true
	}
	return false
}

// bracket returns what identifies the pair that c belongs to, and which side of
// it c is. Pairs are one code point apart but for the exceptions here; the two
// canonically equivalent pairs of angle brackets are one (BD16).
func bracket(c rune) (pair rune, opening, ok bool) {
	p, _ := unibidi.LookupRune(c)
	if !p.IsBracket() {
		return 0, false, false
	}
	if p.IsOpeningBracket() {
		if c == 0x2329 {
			c = 0x3008
		}
		return c, true, true
	}
	switch c {
	case ']', '}', 0xFF3D, 0xFF5D:
		return c - 2, false, true
	case 0x232A:
		return 0x3008, false, true
	case 0x298E:
		return 0x298F, false, true
	case 0x2990:
		return 0x298D, false, true
	}
	return c - 1, false, true
}
