package settings

import (
	_ "embed"
	"strings"
)

// licenceFile has one record for each part that the program is made of, written by a test
// from what the build lists (licences_test.go):
//
//	"\f" name TAB version TAB kind LF text
//
//go:embed licences.txt
var licenceFile string

// Licence is what a part of the program is under.
type Licence struct {
	Name    string // of a module, a font, a list of words
	Version string // or empty
	Kind    string // its usual name: "MIT"
	Text    string
}

// Licences returns all parts, by name.
func Licences() []Licence {
	var all []Licence
	for record := range strings.SplitSeq(licenceFile, "\f") {
		head, text, ok := strings.Cut(record, "\n")
		f := strings.Split(head, "\t")
		if !ok || len(f) != 3 {
			continue
		}
		all = append(all, Licence{Name: f[0], Version: f[1], Kind: f[2], Text: strings.TrimSpace(text)})
	}
	return all
}

// paragraphs cuts a licence where it leaves a line free. Lines within are joined where
// they were only broken to fit a page.
func paragraphs(text string) []string {
	var all []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			all = append(all, p)
		}
	}
	return all
}
