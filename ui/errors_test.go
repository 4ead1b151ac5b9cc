package ui

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/pairing"
)

// declared lists the errors that a file of the core declares.
func declared(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range parsed.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if strings.HasPrefix(name.Name, "Err") {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

func TestEveryErrorOfTheCoreHasASentence(t *testing.T) {
	names := declared(t, "../app/errors.go")
	if len(names) < 20 {
		t.Fatalf("only %v were found", names)
	}
	inTable := map[string]bool{}
	for _, s := range sentences {
		inTable[app.Code(s.err)] = true
		if !lang.Has(s.key) {
			t.Errorf("%v: no text for %q", s.err, s.key)
		}
		if got := Sentence(fmt.Errorf("while testing: %w", s.err)); got == lang.T("error.internal") || strings.Contains(got, "{") {
			t.Errorf("%v: %q", s.err, got)
		}
	}
	// The codes are the names in snake case, but for a few; so they are counted, and
	// internal stands for those that are no errors of the core.
	delete(inTable, "internal")
	if len(inTable) != len(names) {
		t.Errorf("%d of %d errors have a sentence", len(inTable), len(names))
	}
}

func TestSentences(t *testing.T) {
	if got := Sentence(nil); got != "" {
		t.Errorf("no error: %q", got)
	}
	if got := Sentence(errors.New("secret detail")); got != lang.T("error.internal") {
		t.Errorf("unknown error: %q", got)
	}
	known := pairing.KnownError{Contact: app.Contact{Name: "Claire"}}
	if got := lang.Plain(Sentence(fmt.Errorf("open: %w", known))); got != "Claire is already your contact." {
		t.Errorf("known contact: %q", got)
	}
}
