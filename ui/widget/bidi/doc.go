// Package bidi resolves the direction of mixed left-to-right and right-to-left
// text: the Unicode Bidirectional Algorithm (UAX #9), rules P2 to L2.
//
// Resolve gives each character of one paragraph its embedding level; Line
// applies the rules that depend on where a line ends, and Order puts a line's
// levels into visual order. The character classes come from
// golang.org/x/text/unicode/bidi; that package's own ordering is not used,
// because it resolves every line as a paragraph of its own.
package bidi
