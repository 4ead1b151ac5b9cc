package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// The sections of the specification that the models are made from, and where their hashes are.
var sections = []string{"Pairing", "Session reset"}

const hashes = "protocol.sha256"

var block = regexp.MustCompile(`(?s)<!-- check -accept -->\n.*?<!-- end -->\n`)

// acceptAll writes down that all models came out as expected for the specification as it is.
func acceptAll(dir string, all []result, now time.Time) error {
	sums, err := sectionHashes(dir)
	if err != nil {
		return err
	}
	page := filepath.Join(dir, "README.md")
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	if !block.Match(text) {
		return fmt.Errorf("%s has no place for the table", page)
	}
	made := "<!-- check -accept -->\nLast run of the checker: " + now.Format(time.DateOnly) + ".\n\n" + table(all) + "<!-- end -->\n"
	if err := os.WriteFile(page, block.ReplaceAllLiteral(text, []byte(made)), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, hashes), []byte(sums), 0o644)
}

// sectionHashes returns a line for each section: its hash and its title.
func sectionHashes(dir string) (string, error) {
	page, err := os.ReadFile(filepath.Join(dir, "../protocol.md"))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, title := range sections {
		text, ok := section(string(page), title)
		if !ok {
			return "", fmt.Errorf("the specification has no section %q", title)
		}
		sum := sha256.Sum256([]byte(text))
		fmt.Fprintf(&out, "%s  %s\n", hex.EncodeToString(sum[:]), title)
	}
	return out.String(), nil
}

// section returns a numbered section of a page from the line after its heading on, so that renumbering changes nothing.
func section(page, title string) (string, bool) {
	heading := regexp.MustCompile(`(?m)^## \d+\. ` + regexp.QuoteMeta(title) + `\n`)
	at := heading.FindStringIndex(page)
	if at == nil {
		return "", false
	}
	text := page[at[1]:]
	if end := strings.Index(text, "\n## "); end >= 0 {
		text = text[:end]
	}
	return text, true
}

// table shows the results as Markdown, one model a row.
func table(all []result) string {
	var out strings.Builder
	out.WriteString("| Model | Proven: true | Refuted: false, as it must be | Clauses |\n| --- | --- | --- | --- |\n")
	for _, r := range all {
		notes, most := map[string][]string{}, 0
		for _, v := range r.verdicts {
			notes[v.answer] = append(notes[v.answer], strings.TrimSuffix(v.note, "."))
			most = max(most, v.clauses)
		}
		file := filepath.Base(r.file)
		fmt.Fprintf(&out, "| [%s](%s) | %s | %s | %d |\n", strings.TrimSuffix(file, ".pv"), file,
			strings.Join(notes["true"], "; "), strings.Join(notes["false"], "; "), most)
	}
	return out.String()
}
