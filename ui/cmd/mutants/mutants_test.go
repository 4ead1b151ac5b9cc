package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestHunt(t *testing.T) {
	packages, err := list([]string{"./testdata/toy"})
	if err != nil {
		t.Fatal(err)
	}
	set, err := mutate(packages[0], "")
	if err != nil {
		t.Fatal(err)
	}
	alive, err := (&hunt{set: set, packages: packages, dir: t.TempDir()}).run()
	if err != nil {
		t.Fatal(err)
	}
	var got, made []string
	for _, m := range set.mutants {
		made = append(made, m.function+" "+m.change)
	}
	for _, m := range alive {
		got = append(got, m.function+" "+m.change)
	}
	all := []string{"limit 3 to 4", "limit 3 to 2", "Few < to >=", "Few < to <=", "Positive > to <=", "Positive > to >=", "Capped min to max", "Never != to =="}
	if !slices.Equal(made, all) {
		t.Errorf("made %q, want %q", made, all)
	}
	if want := []string{"Positive > to >="}; !slices.Equal(got, want) {
		t.Errorf("survived %q, want %q", got, want)
	}
}

func TestExplanations(t *testing.T) {
	at := filepath.Join(t.TempDir(), "known")
	if err := os.WriteFile(at, []byte("# about\n\na.go: F: x < y: < to <=: x is never y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	known, err := readExplanations(at)
	if err != nil {
		t.Fatal(err)
	}
	one := mutant{file: "a.go", function: "F", expression: "x < y", change: "< to <="}
	other := mutant{file: "a.go", function: "G", expression: "x < y", change: "< to <="}
	for _, c := range []struct {
		survivors         []mutant
		unexplained, idle int
	}{
		{[]mutant{one}, 0, 0},
		{nil, 0, 1},
		{[]mutant{one, other}, 1, 0},
		{[]mutant{other}, 1, 1},
	} {
		needed := map[string]bool{}
		if got := known.judge(c.survivors, needed); got != c.unexplained {
			t.Errorf("%v: %d without an explanation, want %d", c.survivors, got, c.unexplained)
		}
		if got := known.idle(needed); got != c.idle {
			t.Errorf("%v: %d explanations not needed, want %d", c.survivors, got, c.idle)
		}
	}
	if err := os.WriteFile(at, []byte("no reason"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readExplanations(at); err == nil {
		t.Error("a line without a reason was taken")
	}
}
