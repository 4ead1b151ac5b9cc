package app_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryFuzzTargetIsRun compares the fuzz targets of the module with those that
// `make fuzz` runs and docs/fuzzing.md describes, and demands seeds of each: without, a
// target begins at nothing, and its test tests nothing.
func TestEveryFuzzTargetIsRun(t *testing.T) {
	targets := fuzzTargets(t)
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/fuzzing.md")
	if err != nil {
		t.Fatal(err)
	}
	var run []string
	for _, m := range regexp.MustCompile(`\./(\S+:Fuzz\w+)`).FindAllSubmatch(makefile, -1) {
		run = append(run, string(m[1]))
	}
	slices.Sort(run)
	if all := slices.Sorted(maps.Keys(targets)); !slices.Equal(run, all) {
		t.Errorf("make fuzz runs\n%s\nand there are\n%s", strings.Join(run, "\n"), strings.Join(all, "\n"))
	}
	for target, seeds := range targets {
		if seeds == 0 {
			t.Errorf("%s has no seeds in testdata/fuzz", target)
		}
		pkg, name, _ := strings.Cut(target, ":")
		if !bytes.Contains(page, []byte("| `"+pkg+"` | `"+name+"` |")) {
			t.Errorf("docs/fuzzing.md has no row for %s", target)
		}
	}
}

// fuzzTargets returns each target as "package:FuzzTarget" with the number of its seeds.
func fuzzTargets(t *testing.T) map[string]int {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	targets := map[string]int{}
	for _, root := range []string{"app", "identity", "storage", "transport", "ui"} {
		err := filepath.WalkDir(filepath.Join("..", root), func(path string, d os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			pkg, err := filepath.Rel("..", filepath.Dir(path))
			if err != nil {
				return err
			}
			for _, m := range declared.FindAllSubmatch(text, -1) {
				targets[filepath.ToSlash(pkg)+":"+string(m[1])] = countSeeds(t, filepath.Join(filepath.Dir(path), "testdata", "fuzz", string(m[1])))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return targets
}

func countSeeds(t *testing.T, dir string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(text, []byte("go test fuzz v1\n")) {
			n++
		}
	}
	return n
}
