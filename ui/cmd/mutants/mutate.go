package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// pkg is what `go list` says of a package.
type pkg struct {
	Dir, ImportPath           string
	GoFiles, Deps             []string
	TestImports, XTestImports []string
	Module                    struct{ Dir string }
}

func list(patterns []string) ([]pkg, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,GoFiles,Deps,TestImports,XTestImports,Module"}, patterns...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var packages []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// mutant is one change of one place.
type mutant struct {
	file, function, expression, change string

	// source replaces the whole file, for a constant, which no switch at run time can
	// change. Empty: the switch is the mutant's place in its set, from 1.
	source string
}

func (m mutant) String() string {
	return strings.Join([]string{m.file, m.function, m.expression, m.change}, ": ")
}

// set is the mutants of one package, and its files with a switch for each of them.
type set struct {
	pkg     pkg
	name    string // of the package
	files   map[string]string
	mutants []mutant
	only    string
}

func mutate(p pkg, only string) (*set, error) {
	s := &set{pkg: p, files: map[string]string{}, only: only}
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("source: %w", err)
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("source: %w", err)
		}
		s.name = tree.Name.Name
		rel, err := filepath.Rel(p.Module.Dir, path)
		if err != nil {
			return nil, fmt.Errorf("source: %w", err)
		}
		f := &file{set: s, path: rel, src: string(src), base: fset.File(tree.Pos()).Base()}
		s.files[path] = f.rewrite(tree)
	}
	return s, nil
}

// file is rewritten from its text, so that what is no mutant stays as it was.
type file struct {
	set      *set
	path     string
	src      string
	base     int
	function string // where the walk is
}

func (f *file) rewrite(tree *ast.File) string {
	var out strings.Builder
	last := 0
	for _, d := range tree.Decls {
		from, to := f.span(d)
		out.WriteString(f.src[last:from])
		last = to
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.function = d.Name.Name
			out.WriteString(f.render(d))
		case *ast.GenDecl:
			f.function = "-"
			if d.Tok == token.CONST {
				f.constants(d)
			}
			out.WriteString(f.src[from:to])
		}
	}
	out.WriteString(f.src[last:])
	return out.String()
}

func (f *file) span(n ast.Node) (from, to int) { return int(n.Pos()) - f.base, int(n.End()) - f.base }

func (f *file) text(n ast.Node) string {
	from, to := f.span(n)
	return f.src[from:to]
}

// add returns the number of a new mutant, or 0 where it is not asked for.
func (f *file) add(n ast.Node, change, source string) int {
	m := mutant{f.path, f.function, strings.Join(strings.Fields(f.text(n)), " "), change, source}
	if !strings.Contains(m.String(), f.set.only) {
		return 0
	}
	f.set.mutants = append(f.set.mutants, m)
	return len(f.set.mutants)
}

// render returns the text of n in which every place to be mutated has its switches.
func (f *file) render(n ast.Node) string {
	var out strings.Builder
	last, end := f.span(n)
	ast.Inspect(n, func(c ast.Node) bool {
		if c == nil {
			return false
		}
		from, to := f.span(c)
		if from < last {
			return c == n || to > last
		}
		replaced, ok := f.place(c)
		if !ok {
			return true
		}
		out.WriteString(f.src[last:from])
		out.WriteString(replaced)
		last = to
		return false
	})
	out.WriteString(f.src[last:end])
	return out.String()
}

// place returns what stands for c, if c is a place to be mutated.
func (f *file) place(c ast.Node) (string, bool) {
	switch c := c.(type) {
	case *ast.BinaryExpr:
		changes, ok := changesOf[c.Op]
		if !ok {
			return "", false
		}
		return f.binary(c, changes), true
	case *ast.UnaryExpr:
		if c.Op != token.NOT {
			return "", false
		}
		i := f.add(c, "! dropped", "")
		return fmt.Sprintf("(mutantOn(%d) != !(%s))", i, f.render(c.X)), true
	case *ast.CallExpr:
		fun, ok := c.Fun.(*ast.Ident)
		if !ok || fun.Name != "min" && fun.Name != "max" || !pure(c) {
			return "", false
		}
		return f.bounded(c, fun.Name), true
	}
	return "", false
}

// changesOf says by what an operator is replaced.
var changesOf = map[token.Token][]token.Token{
	token.EQL:  {token.NEQ},
	token.NEQ:  {token.EQL},
	token.LSS:  {token.GEQ, token.LEQ},
	token.LEQ:  {token.GTR, token.LSS},
	token.GTR:  {token.LEQ, token.GEQ},
	token.GEQ:  {token.LSS, token.GTR},
	token.LAND: {token.LOR},
	token.LOR:  {token.LAND},
}

// binary evaluates its operands as often as the original, whichever switch is on.
func (f *file) binary(c *ast.BinaryExpr, changes []token.Token) string {
	var alternatives, off []string
	var numbers []int
	for _, op := range changes {
		numbers = append(numbers, f.add(c, fmt.Sprintf("%s to %s", c.Op, op), ""))
	}
	x, y := f.render(c.X), f.render(c.Y)
	for i, op := range changes {
		alternatives = append(alternatives, fmt.Sprintf("mutantOn(%d) && (%s %s %s)", numbers[i], x, op, y))
		off = append(off, fmt.Sprintf("!mutantOn(%d)", numbers[i]))
	}
	return fmt.Sprintf("(%s || %s && (%s %s %s))", strings.Join(alternatives, " || "), strings.Join(off, " && "), x, c.Op, y)
}

// pure reports whether c calls nothing that could notice being called twice.
func pure(c *ast.CallExpr) bool {
	ok := true
	ast.Inspect(c, func(n ast.Node) bool {
		if call, is := n.(*ast.CallExpr); is {
			fun, named := call.Fun.(*ast.Ident)
			ok = ok && named && slices.Contains([]string{"min", "max", "len", "cap", "int", "int64", "uint32", "uint64"}, fun.Name)
		}
		return ok
	})
	return ok
}

// bounded evaluates its operands once for each of the two.
func (f *file) bounded(c *ast.CallExpr, name string) string {
	other := map[string]string{"min": "max", "max": "min"}[name]
	i := f.add(c, name+" to "+other, "")
	var args []string
	for _, a := range c.Args {
		args = append(args, f.render(a))
	}
	joined := strings.Join(args, ", ")
	return fmt.Sprintf("mutantPick(%d, %s(%s), %s(%s))", i, other, joined, name, joined)
}

// constants makes a mutant of every number of a declaration, one up and one down.
func (f *file) constants(d *ast.GenDecl) {
	ast.Inspect(d, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			f.function = spec.Names[0].Name
		}
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.INT {
			return true
		}
		v, err := strconv.ParseInt(lit.Value, 0, 64)
		if err != nil {
			return true
		}
		from, to := f.span(lit)
		for _, by := range []int64{1, -1} {
			if v+by < 0 {
				continue
			}
			f.add(lit, fmt.Sprintf("%d to %d", v, v+by), f.src[:from]+strconv.FormatInt(v+by, 10)+f.src[to:])
		}
		return true
	})
}
