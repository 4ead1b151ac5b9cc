package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestModelsFollowThePage fails when the text of the handshake has changed since the models were last compared with it.
func TestModelsFollowThePage(t *testing.T) {
	want, err := os.ReadFile("../" + hashes)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sectionHashes("..")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("docs/proofs is out of date: docs/protocol.md has changed where it describes the handshake.\n"+
			"Compare each model with it, change what differs, then run `make proofs-accept`, which runs all and writes table and hashes anew.\n"+
			"The hashes are\n%sand were\n%s", got, want)
	}
}

func TestHashesFollowTheText(t *testing.T) {
	const page = "# P\n\n## 1. First\na\n\n## 8. Pairing\nM1\n### part\nM2\n\n## 9. Session reset\nagain\n"
	dir := filepath.Join(t.TempDir(), "proofs")
	sums := func(text string) string {
		t.Helper()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "../protocol.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := sectionHashes(dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := sums(page)
	for _, test := range []struct {
		old, new string
		same     bool
	}{{"M2", "M3", false}, {"again", "again.", false}, {"## 8.", "## 7.", true}, {"\na\n", "\nb\n", true}} {
		if got := sums(strings.Replace(page, test.old, test.new, 1)); (got == was) != test.same {
			t.Errorf("%q to %q: same is %v", test.old, test.new, got == was)
		}
	}
	if _, ok := section(page, "Pairing of others"); ok {
		t.Error("found a section that is not there")
	}
	readme := filepath.Join(dir, "README.md")
	if err := os.WriteFile(readme, []byte("before\n<!-- check -accept -->\nold\n<!-- end -->\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all := []result{{"x/m.pv", []verdict{{query{note: "This holds."}, "true", 7}, {query{note: "This does not."}, "false", 5}}}}
	if err := acceptAll(dir, all, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"before\n", "2026-11-22", "| [m](m.pv) | This holds | This does not | 7 |", "\nafter\n"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// TestLabelsAreThoseOfThePage looks for each label that the models name in the specification.
func TestLabelsAreThoseOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, file := range []string{"../" + library, "../reset.pv", "../pairing_first_box.pv"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range regexp.MustCompile(`(?s)const (l_[^:]*): bitstring\.\s*\(\*(.*?)\*\)`).FindAllStringSubmatch(string(src), -1) {
			labels := strings.Split(list[2], ",")
			if len(labels) != len(strings.Split(list[1], ",")) {
				t.Errorf("%s: other labels than constants: %s", file, list[0])
			}
			for _, label := range labels {
				named++
				if quoted := `"` + strings.TrimSpace(label) + `"`; !strings.Contains(string(page), quoted) {
					t.Errorf("%s: the specification has no label %s", file, quoted)
				}
			}
		}
	}
	if named < 12 {
		t.Errorf("only %d labels", named)
	}
}

// TestScenariosDifferWhereTheySay: the lines of S and R are the same in all models of pairing, and in all of reset, but for
// those marked as the scenario's.
func TestScenariosDifferWhereTheySay(t *testing.T) {
	for _, group := range []struct{ model, pattern string }{{"pairing_scan_both", "[pi]*.pv"}, {"reset", "reset*.pv"}} {
		reference := roles(t, "../"+group.model+".pv")
		files, err := filepath.Glob("../" + group.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) < 4 {
			t.Errorf("only %d models of %s", len(files), group.pattern)
		}
		for _, file := range files {
			for i, lines := range roles(t, file) {
				want, own, missing := reference[i], 0, 0
				for _, line := range lines {
					if strings.Contains(line, "(* scenario") {
						own++
						continue
					}
					if strings.TrimRight(line, closing) == "" {
						continue
					}
					for len(want) > 0 && !sameLine(want[0], line) {
						want = want[1:]
						missing++
					}
					if len(want) == 0 {
						t.Fatalf("%s: not in %s and not marked: %s", file, group.model, line)
					}
					want = want[1:]
				}
				if missing += len(want); missing > own+2 {
					t.Errorf("%s: %d lines of %s are missing", file, missing, group.model)
				}
			}
		}
	}
}

const closing = " ).;"

// sameLine compares without the end, where a process closes, and without parameters.
func sameLine(a, b string) bool {
	if strings.HasPrefix(a, "let S(") || strings.HasPrefix(a, "let R(") {
		return a[:6] == b[:min(6, len(b))]
	}
	return strings.TrimRight(a, closing) == strings.TrimRight(b, closing)
}

// roles returns the lines of S and of R.
func roles(t *testing.T, file string) (lines [2][]string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, role := range []string{"S", "R"} {
		body := regexp.MustCompile(`(?ms)^let ` + role + `\(.*?\n\n`).FindString(string(src))
		lines[i] = strings.Split(strings.TrimSpace(body), "\n")
		if len(lines[i]) < 20 {
			t.Fatalf("%s has no %s", file, role)
		}
	}
	return lines
}
