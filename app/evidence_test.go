package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEvidenceExists holds docs/security.md to its word: each test that it names in a
// table is in the package named before it.
func TestEvidenceExists(t *testing.T) {
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	test, quoted := regexp.MustCompile(`^(Test|Fuzz)[A-Z]`), regexp.MustCompile("`([^`]+)`")
	sources := map[string]string{}
	named := 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		pkg := ""
		for _, match := range quoted.FindAllStringSubmatch(line, -1) {
			word := match[1]
			if !test.MatchString(word) {
				pkg = word
				continue
			}
			named++
			if _, read := sources[pkg]; !read {
				sources[pkg] = testsOf(t, pkg)
			}
			if !strings.Contains(sources[pkg], "\nfunc "+word+"(") {
				t.Errorf("%s has no %s", pkg, word)
			}
		}
	}
	if named == 0 {
		t.Error("no test is named")
	}
}

// testsOf returns the test files of a package, joined.
func testsOf(t *testing.T, pkg string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}
