package text

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tacit/ui/widget/bidi"
)

const runOrderPage = "../../../docs/run-order.md"

// TestRunOrderPage holds docs/run-order.md to the strings, their reference and what is
// found; with -chromium it writes the page.
func TestRunOrderPage(t *testing.T) {
	want := runOrder(t)
	if *chromium != "" {
		if err := os.WriteFile(runOrderPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(runOrderPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/run-order.md is not what the comparison finds: make run-order")
	}
}

// runOrder writes the page.
func runOrder(t *testing.T) string {
	all := references(t)
	var reasons []string
	var rows strings.Builder
	same, lines := 0, 0
	for n, s := range hardStrings {
		fmt.Fprintf(&rows, "| %d | %s | <bdi>%s</bdi> |", n+1, s.what, shownInPage(s.text))
		for i, width := range orderWidths {
			got := linesSet(s.text, width)
			lines += len(got)
			why, departs := departs(s.what, width)
			switch {
			case slices.Equal(got, all[s.text].Lines[i]):
				same++
				fmt.Fprintf(&rows, " %d |", len(got))
			case departs:
				if !slices.Contains(reasons, why) {
					reasons = append(reasons, why)
				}
				fmt.Fprintf(&rows, " %d (%c) |", len(got), 'a'+slices.Index(reasons, why))
			default:
				fmt.Fprintf(&rows, " DIFFERS |")
			}
		}
		rows.WriteString("\n")
	}
	var b strings.Builder
	total := len(hardStrings) * len(orderWidths)
	fmt.Fprintf(&b, `# Run order and line breaks

What stands where on a line of mixed text is compared by machine with a browser's: %d hard strings, each whole and wrapped
at three widths, %d layouts of %d lines. In %d of them every line holds the same graphemes in the same order from left to right as
in Chromium; in the other %d some line ends elsewhere, each for one of the reasons below, and a test (`+"`TestOrder`"+`) fails on any other difference and
on a reason that no longer holds. The order within a line differs nowhere. Which code points are one grapheme is compared as well, and is the
same everywhere.

The reference, `+"`ui/widget/text/testdata/order.json`"+`, is made by `+"`make run-order`"+`: headless Chromium lays the strings out in our own fonts, loaded
from their files, at 15 px (white-space: pre-wrap, overflow-wrap: anywhere, unicode-bidi: plaintext), and each grapheme is found by the client
rectangles of its range. White space at the end of a line, empty lines and what takes no room are left out. This page is written by the same
command and held to it by `+"`TestRunOrderPage`"+`. What is below the layout is proved by Unicode's own files: BidiTest and BidiCharacterTest in
`+"`ui/widget/bidi`"+`, GraphemeBreakTest and LineBreakTest beside the strings.

Signs that leave no ink are written ⟨so⟩. A number is how many lines there are; all is as in Chromium where no letter follows it.

| | Text | | whole | 320 | 220 | 140 |
| --- | --- | --- | --- | --- | --- | --- |
%s
Where Chromium is not followed:

`, len(hardStrings), total, lines, same, total-same, rows.String())
	for i, why := range reasons {
		fmt.Fprintf(&b, "- (%c) %s\n", 'a'+i, why)
	}
	b.WriteString(`
One tailoring of UAX #14 was taken over from browsers: a bracket that touches what stands before it stays there (":(" and "f-(x)"), and an address is
not broken after "https://".
`)
	return b.String()
}

// named are the signs without ink that the strings contain.
var named = map[rune]string{
	'\n': "line", 0xA0: "no-break space", 0xAD: "soft hyphen", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x61C: "ALM",
	0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x202F: "thin space", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI",
	0x2069: "PDI", 0x2011: "no-break hyphen",
}

// shownInPage writes a string for a cell of a table: nothing in it means anything to
// Markdown or to HTML, and no sign of direction is obeyed. Emoji keep their joiners.
func shownInPage(s string) string {
	var b strings.Builder
	rs := []rune(s)
	for i, c := range rs {
		name, known := named[c]
		inEmoji := c == joiner && i+1 < len(rs) && isPictograph(rs[i+1])
		switch {
		case known && !inEmoji:
			fmt.Fprintf(&b, "⟨%s⟩", name)
		case bidi.IsControl(c):
			fmt.Fprintf(&b, "⟨%U⟩", c)
		case strings.ContainsRune("|<>&*_[]`#\\~:@", c):
			fmt.Fprintf(&b, "&#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
