package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEvidenceExists holds the pages on security and on bad input to their word: each test
// that they name in a table is in the package named before it.
func TestEvidenceExists(t *testing.T) {
	for _, page := range []string{"../docs/security.md", "../docs/bad-input.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if namedTests(t, string(text)) == 0 {
			t.Errorf("%s names no test", page)
		}
	}
}

// TestSentencesOfThePage: what docs/bad-input.md says that a person reads is in the window's language file.
func TestSentencesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../docs/bad-input.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("../ui/lang/en.json")
	if err != nil {
		t.Fatal(err)
	}
	sentences := regexp.MustCompile("“([^”]+)”").FindAllStringSubmatch(string(page), -1)
	if len(sentences) == 0 {
		t.Error("the page has no sentence")
	}
	for _, s := range sentences {
		if !strings.Contains(string(file), `"`+s[1]+`"`) {
			t.Errorf("nobody reads %q", s[1])
		}
	}
}

// namedTests looks for each test in the tables of a page and returns how many there are.
func namedTests(t *testing.T, page string) (named int) {
	t.Helper()
	test, quoted := regexp.MustCompile(`^(Test|Fuzz)[A-Z]`), regexp.MustCompile("`([^`]+)`")
	sources := map[string]string{}
	for line := range strings.Lines(page) {
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
	return named
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
