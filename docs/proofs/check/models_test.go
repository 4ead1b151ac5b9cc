//go:build !race

// A checker is one goroutine; under the race detector it would only be ten times slower. `make proofs` runs these.

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPublishedResults holds the checker against ProVerif 2.05, which on 2026-11-21 gave these answers to
// the first eight models, kept as they were.
func TestPublishedResults(t *testing.T) {
	for name, want := range map[string]string{
		// S agrees, R agrees, (grants of R and S,) text of S, text of R, name of S, both ends unreachable.
		"pairing_scan_both":    "true true true true false false false",
		"pairing_kci_a":        "true true true true true false false",
		"pairing_sas":          "true true true true false false false",
		"pairing_oneway":       "true false true false true false false",
		"pairing_link_swapped": "false ? false ? ? false false", // the rest was not published
		"pairing_grant_early":  "? ? false false ? ? ? false false",
		"pairing_grant_late":   "true true true true true true false false false",
		"pairing_none":         "false false false false false false false",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := runFile("testdata/published/" + name + ".pv")
			if err != nil {
				t.Fatal(err)
			}
			answers := strings.Fields(want)
			if len(answers) != len(r.verdicts) {
				t.Fatalf("%d queries, not %d", len(r.verdicts), len(answers))
			}
			for i, v := range r.verdicts {
				if answers[i] != "?" && answers[i] != v.answer {
					t.Errorf("%s: %s, and not %s as published", v.text, v.answer, answers[i])
				}
			}
		})
	}
}

// TestModels runs every model, and a few of the literature whose results everybody knows: each query comes out as
// the comment before it says. Those of the handshake are in the table of the page.
func TestModels(t *testing.T) {
	t.Run("textbook", func(t *testing.T) { runAll(t, "testdata/textbook/*.pv", 8) })
	var all []result
	t.Run("handshake", func(t *testing.T) { all = runAll(t, "../*.pv", 15) })
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), table(all)) {
		t.Error("the table of docs/proofs/README.md is not that of this run: go run ./docs/proofs/check -accept")
	}
}

func runAll(t *testing.T, pattern string, atLeast int) []result {
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < atLeast {
		t.Errorf("only %d models", len(files))
	}
	all := make([]result, len(files))
	t.Run("models", func(t *testing.T) {
		for i, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				r, err := runFile(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range r.verdicts {
					if v.answer != v.expect || v.note == "" {
						t.Errorf("%s %s: %s", v.note, v.text, v.answer)
					}
				}
				all[i] = r
			})
		}
	})
	return all
}

// TestModelsNoticeADefect takes single lines out of models: what they prove must then be refuted.
func TestModelsNoticeADefect(t *testing.T) {
	for _, test := range []struct {
		name, model, note string
		change            []string // old, new, ...
	}{
		{"S does not compare the card", "pairing_scan_both", "S agrees with R.", []string{"if sha256((l_id, bundle_R)) = fp_R then", ""}},
		{"S does not verify M4", "pairing_oneway", "S agrees with R.", []string{"if tag = hmac(mk, tag_of_R) then", ""}},
		{"R does not verify M5", "pairing_scan_both", "R agrees with S.", []string{"if tag = hmac(mk, tag_of_S) then", ""}},
		{"k2 without R's key", "pairing_scan_both", "What S writes stays secret.", []string{"kem_ss(bundle_R, r_R, (l_R, T2))", "nothing"}},
		{"mk without S's key", "pairing_kci_a", "R agrees with S.", []string{"ss_S, k2", "nothing, k2"}},
		{"both tags are the same", "pairing_scan_both", "R agrees with S.", []string{"tag_of_S", "tag_of_R"}},
		{"a code of nonces without a commitment", "pairing_sas", "S agrees with R.", []string{"T2, (l_sas, bundle_S, profile, bundle_R)", "nothing, l_sas",
			"T2, (l_sas, bundle_S, profile_S, bundle_R)", "nothing, l_sas", "if c = H((l_com, bundle_S, profile_S, N_S, pk_e)) then", ""}},
		{"codes are not compared", "introduction_dishonest", "After the codes S agrees with R.", []string{"in(shown_R, =code)", "in(net, code_R: bitstring)"}},
		{"n does not enter inv", "reset", "R agrees with S, on n too: an old reset is not taken for a new one.", []string{"(l_r, n)", "l_r"}},
		{"R of a reset takes any bundle", "reset", "R agrees with S, on n too: an old reset is not taken for a new one.", []string{"if bundle_S = bundle then", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile("../" + test.model + ".pv")
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(test.change); i += 2 {
				if !strings.Contains(string(src), test.change[i]) {
					t.Fatalf("%s has no %q", test.model, test.change[i])
				}
			}
			dir := t.TempDir()
			shared, err := os.ReadFile("../" + library)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "broken.pv")
			if err := os.WriteFile(filepath.Join(dir, library), shared, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(strings.NewReplacer(test.change...).Replace(string(src))), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := runFile(file)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(r.verdicts, func(v verdict) bool { return v.note == test.note })
			if i < 0 || r.verdicts[i].answer != "false" {
				t.Errorf("%q was not refuted", test.note)
			}
		})
	}
}
