// Package text lays out and draws paragraphs of any script mixed with any
// other: the text block under every label, bubble and field.
//
// Layout resolves direction (package bidi), chooses a face for each grapheme,
// shapes, breaks lines and puts them into visual order. What it returns never
// changes, so that a block may be laid out and drawn on any goroutine. Lengths
// are in dp; positions in the text are indices of runes, as in []rune(s).
package text
