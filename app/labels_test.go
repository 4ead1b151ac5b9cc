package app_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLabelsAreListed holds the table of labels in docs/protocol.md equal to the code:
// a label that nobody listed is one that nobody compared with the others.
func TestLabelsAreListed(t *testing.T) {
	page, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(page), "\n## 21. Labels\n")
	if !ok {
		t.Fatal("the page has no section of labels")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	listed := map[string]bool{}
	for row := range strings.Lines(section) {
		if first, _, ok := strings.Cut(strings.TrimPrefix(row, "| "), " | "); ok {
			for _, match := range regexp.MustCompile("`(tacit/1/[^`]+)`").FindAllStringSubmatch(first, -1) {
				listed[match[1]] = true
			}
		}
	}
	used := map[string]bool{}
	read := func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			code, _, _ := strings.Cut(line, "//")
			for _, match := range regexp.MustCompile(`"(tacit/1/[^"]+)"`).FindAllStringSubmatch(code, -1) {
				used[match[1]] = true
			}
		}
		return nil
	}
	if err := errors.Join(filepath.WalkDir("../identity", read), filepath.WalkDir("../transport", read)); err != nil {
		t.Fatal(err)
	}
	if len(used) < 10 {
		t.Errorf("only %d labels were found", len(used))
	}
	for _, label := range slices.Sorted(maps.Keys(used)) {
		if !listed[label] {
			t.Errorf("%s is used, and not listed", label)
		}
	}
	for _, label := range slices.Sorted(maps.Keys(listed)) {
		if !used[label] {
			t.Errorf("%s is listed, and not used", label)
		}
	}
}
