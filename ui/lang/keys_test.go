package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// eachSource parses the files of the window. Tests are left out, and so are the programs
// in cmd, which look for texts and show none.
func eachSource(t *testing.T, visit func(fset *token.FileSet, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if path == filepath.Join("..", "cmd") {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		visit(fset, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// langCall returns the function of this package that a call names, or "".
func langCall(c *ast.CallExpr, inside bool) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "lang" {
			return f.Sel.Name
		}
	case *ast.Ident:
		if inside {
			return f.Name
		}
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

func TestEveryKeyInUseHasAText(t *testing.T) {
	calls := 0
	eachSource(t, func(fset *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok || len(c.Args) == 0 {
				return true
			}
			fn := langCall(c, f.Name.Name == "lang")
			if fn != "T" && fn != "N" {
				return true
			}
			key, ok := literal(c.Args[0])
			if !ok {
				return true
			}
			calls++
			where := fset.Position(c.Pos())
			if !Has(key) {
				t.Errorf("%s: no text for %q", where, key)
				return true
			}
			checkArgs(t, where, fn, key, c.Args[1:])
			return true
		})
	})
	if calls == 0 {
		t.Error("no use of a key was found: the search is broken")
	}
}

// checkArgs compares the names that a call fills with the placeholders of the text.
func checkArgs(t *testing.T, where token.Position, fn, key string, args []ast.Expr) {
	t.Helper()
	var given []string
	if fn == "N" {
		given, args = append(given, "n"), args[1:]
	}
	for i := 0; i < len(args); i += 2 {
		name, ok := literal(args[i])
		if !ok {
			return // built elsewhere
		}
		given = append(given, name)
	}
	slices.Sort(given)
	for form, text := range english.texts[key] {
		want := placeholders(text)
		if form == "one" && !slices.Contains(want, "n") {
			want = append(want, "n")
			slices.Sort(want)
		}
		if !slices.Equal(given, want) {
			t.Errorf("%s: %q (%s) has the placeholders %v, the call fills %v", where, key, form, want, given)
		}
	}
}

func TestEveryTextIsUsed(t *testing.T) {
	used := map[string]bool{} // keys
	var prefixes []string     // "state." and the like, completed by a value
	eachSource(t, func(_ *token.FileSet, f *ast.File) {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if s, ok := literal(e); ok && strings.Contains(s, ".") {
				used[s] = true
				if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_") {
					prefixes = append(prefixes, s)
				}
			}
			return true
		})
	})
	for _, key := range Keys() {
		byPrefix := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !byPrefix {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
