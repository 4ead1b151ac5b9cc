package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

// support is what the switches of a mutated package call.
const support = `package %s

import (
	"os"
	"strconv"
)

var mutantChosen, _ = strconv.Atoi(os.Getenv("MUTANT"))

func mutantOn(i int) bool { return i != 0 && i == mutantChosen }

func mutantPick[T any](i int, changed, original T) T {
	if mutantOn(i) {
		return changed
	}
	return original
}

var _ = mutantPick[int]
`

// Every run of tests may take patience times as long as without a mutant, and a moment more: a
// mutant that never ends is killed, too.
const (
	patience = 5
	moment   = 10 * time.Second
)

// hunt runs the tests against the mutants of one package.
type hunt struct {
	set      *set
	packages []pkg
	dir      string // of its own
}

// binary is the tests of one package, built with all switches off.
type binary struct {
	path, dir string
	limit     time.Duration
}

// run returns the mutants that no test killed.
func (h *hunt) run() (alive []mutant, err error) {
	if len(h.set.mutants) == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return nil, fmt.Errorf("scratch folder: %w", err)
	}
	replace := map[string]string{filepath.Join(h.set.pkg.Dir, "mutants_support.go"): fmt.Sprintf(support, h.set.name)}
	for path, src := range h.set.files {
		replace[path] = src
	}
	overlay, err := h.overlay("switches", replace)
	if err != nil {
		return nil, err
	}
	var binaries []binary
	for i, p := range h.witnesses() {
		b, err := h.build(fmt.Sprintf("tests%d", i), overlay, p)
		if err != nil {
			return nil, err
		}
		begun := time.Now()
		if err := b.test(0, time.Minute*10); err != nil {
			return nil, fmt.Errorf("tests of %s fail without a mutant: %w", p.ImportPath, err)
		}
		b.limit = patience*time.Since(begun) + moment
		binaries = append(binaries, b)
	}
	survived := make([]bool, len(h.set.mutants))
	errs := make([]error, len(h.set.mutants))
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				survived[i], errs[i] = h.survives(i, binaries)
			}
		})
	}
	for i := range h.set.mutants {
		next <- i
	}
	close(next)
	workers.Wait()
	for i, m := range h.set.mutants {
		if survived[i] {
			alive = append(alive, m)
		}
	}
	return alive, errors.Join(errs...)
}

// witnesses are the package itself, and those that import it.
func (h *hunt) witnesses() []pkg {
	ps := []pkg{h.set.pkg}
	for _, p := range h.packages {
		if slices.Contains(p.Deps, h.set.pkg.ImportPath) {
			ps = append(ps, p)
		}
	}
	return ps
}

func (h *hunt) survives(i int, binaries []binary) (bool, error) {
	m := h.set.mutants[i]
	if m.source != "" {
		return h.constantSurvives(i, m, binaries)
	}
	for _, b := range binaries {
		if b.test(i+1, b.limit) != nil {
			return false, nil
		}
	}
	return true, nil
}

// constantSurvives builds the tests anew; one that does not compile is killed.
func (h *hunt) constantSurvives(i int, m mutant, binaries []binary) (bool, error) {
	name := fmt.Sprintf("constant%d", i)
	overlay, err := h.overlay(name, map[string]string{filepath.Join(h.set.pkg.Module.Dir, m.file): m.source})
	if err != nil {
		return false, err
	}
	for j, p := range h.witnesses() {
		b, err := h.build(name, overlay, p)
		if err != nil {
			return false, nil
		}
		err = b.test(0, binaries[j].limit)
		os.Remove(b.path)
		if err != nil {
			return false, nil
		}
	}
	return true, nil
}

// overlay writes files and returns the path of what tells the compiler to take them.
func (h *hunt) overlay(name string, files map[string]string) (string, error) {
	replace := map[string]string{}
	for path, src := range files {
		at := filepath.Join(h.dir, name+"-"+filepath.Base(path))
		if err := os.WriteFile(at, []byte(src), 0o600); err != nil {
			return "", fmt.Errorf("overlay: %w", err)
		}
		replace[path] = at
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	at := filepath.Join(h.dir, name+".json")
	if err := os.WriteFile(at, b, 0o600); err != nil {
		return "", fmt.Errorf("overlay: %w", err)
	}
	return at, nil
}

func (h *hunt) build(name, overlay string, p pkg) (binary, error) {
	b := binary{path: filepath.Join(h.dir, name+".test"), dir: p.Dir}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", b.path, p.ImportPath)
	if out, err := cmd.CombinedOutput(); err != nil {
		return binary{}, fmt.Errorf("build the tests of %s: %w\n%s", p.ImportPath, err, out)
	}
	return b, nil
}

// test runs the tests with one mutant switched on, 0 for none.
func (b binary) test(mutant int, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.path, "-test.failfast", "-test.short")
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(mutant))
	return cmd.Run()
}
