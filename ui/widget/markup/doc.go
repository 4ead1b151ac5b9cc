// Package markup finds the simple markdown and the links in what a person typed.
//
// What it understands: **bold**, *italic* and _italic_, ~~struck~~, `code`, blocks of
// code between lines of three backticks, lines that begin with "> ", and links that
// begin with http://, https:// or mailto:. All else is shown as it was typed, lists and
// headings too; so is a sign that has no partner on its line. There is no way to give
// a link other words than its own: what one reads is where it leads.
//
// Reading takes time linear in the length of the text, and nothing nests: each of the
// three weights is open at most once, a quote has one level, and code and links hold
// nothing. Positions are indices of runes.
package markup
