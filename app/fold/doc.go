// Package fold reads texts as somebody who searches does: without case, accents and the
// variants of letters.
//
// A text is a row of pieces. A word is letters and digits; a run is a stretch of a script
// that puts no space between words (Han, kana, Thai and others); a symbol, such as an
// emoji, stands alone. Everything else separates them. What a query finds is defined by
// Query.Match, and what of a text that is by Find. An index only has to find the
// candidates: Terms gives it the terms of a text, Query.Terms those of a query.
package fold
