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
		survivors []mutant
		all, ok   bool
	}{
		{[]mutant{one}, true, true},
		{nil, false, true},
		{nil, true, false},
		{[]mutant{one, other}, true, false},
	} {
		if err := known.judge(c.survivors, c.all); (err == nil) != c.ok {
			t.Errorf("judge(%v, %v): %v", c.survivors, c.all, err)
		}
	}
	if err := os.WriteFile(at, []byte("no reason"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readExplanations(at); err == nil {
		t.Error("a line without a reason was taken")
	}
}
