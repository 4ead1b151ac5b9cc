package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinksOfPages checks that whatever the pages link to in this repository is there.
func TestLinksOfPages(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../docs/decisions/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	link, checked := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`), 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			target := match[1]
			if strings.Contains(target, "://") {
				continue
			}
			checked++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d links were found", checked)
	}
}

// TestPathsInThePages checks the code that README.md and CONTRIBUTING.md send a reader to.
func TestPathsInThePages(t *testing.T) {
	path := regexp.MustCompile("`((?:app|identity|storage|transport|ui|docs|packaging)/[^`]*)`")
	for _, page := range []string{"../README.md", "../CONTRIBUTING.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		matches := path.FindAllStringSubmatch(string(text), -1)
		if len(matches) == 0 {
			t.Errorf("%s names no path", page)
		}
		for _, match := range matches {
			for _, p := range alternatives(match[1]) {
				found, err := filepath.Glob(filepath.Join("..", strings.TrimSuffix(p, "/...")))
				if err != nil {
					t.Fatal(err)
				}
				if len(found) == 0 && !strings.Contains(p, "NNN") {
					t.Errorf("%s names %s, which is not there", page, p)
				}
			}
		}
	}
}

// alternatives expands one pair of braces: a/{b,c} is a/b and a/c.
func alternatives(p string) []string {
	before, rest, ok := strings.Cut(p, "{")
	if !ok {
		return []string{p}
	}
	within, after, _ := strings.Cut(rest, "}")
	var all []string
	for w := range strings.SplitSeq(within, ",") {
		all = append(all, before+w+after)
	}
	return all
}

// TestDependenciesAreListed holds docs/dependencies.md equal to the direct requirements of go.mod.
func TestDependenciesAreListed(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Require []struct {
			Path, Version string
			Indirect      bool
		}
		Tool []struct{ Path string }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, r := range mod.Require {
		if !r.Indirect {
			want[r.Path] = r.Version
		}
	}
	page, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+) \| (\S+) \| [^|]*[A-Za-z][^|]* \| [^|]+ \|$`)
	listed := map[string]string{}
	for _, match := range row.FindAllStringSubmatch(string(page), -1) {
		listed[match[1]] = match[2]
	}
	for path, version := range want {
		if listed[path] != version {
			t.Errorf("%s %s is listed as %q", path, version, listed[path])
		}
	}
	for path := range listed {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is listed, and not required", path)
		}
	}
}

// TestInteropModulesAreListed holds docs/dependencies.md to the modules of the second
// implementation, and these to hashes that do not depend on where they come from.
func TestInteropModulesAreListed(t *testing.T) {
	read := func(path string) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var lock struct {
		Packages map[string]struct{ Version, Resolved, Integrity, License string }
	}
	if err := json.Unmarshal(read("../identity/testdata/interop/package-lock.json"), &lock); err != nil {
		t.Fatal(err)
	}
	page := string(read("../docs/dependencies.md"))
	modules := 0
	for path, p := range lock.Packages {
		name, module := strings.CutPrefix(path, "node_modules/")
		if !module {
			continue
		}
		modules++
		if !strings.Contains(page, "`"+name+"` "+p.Version) || p.License != "MIT" {
			t.Errorf("%s %s, under %s, is not listed", name, p.Version, p.License)
		}
		if p.Resolved != "" || !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s is not pinned by its hash alone", name)
		}
	}
	if modules == 0 {
		t.Error("no module is pinned")
	}
}
