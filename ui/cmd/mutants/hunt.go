package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
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

// Every run of tests may use patience times the processor time that it takes without a
// mutant, and a moment more: a mutant that never ends is killed, too. The time on the clock
// would kill what only had to wait for its turn.
const (
	patience = 5
	moment   = 10 // seconds
	// quick tests are run before the others: most mutants die there.
	quick = 50 * time.Millisecond
)

// hunt runs the tests against the mutants of one package.
type hunt struct {
	set      *set
	packages []pkg
	dir      string                   // of its own
	binaries []func() (binary, error) // of the witnesses, each built when it is first needed
}

// binary is the tests of one package, built with all switches off.
type binary struct {
	path, dir string
	args      []string
	slow      string // a pattern for the names of tests that are not quick, or nothing
	limit     int    // processor time in seconds
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
	for i, p := range h.witnesses() {
		h.binaries = append(h.binaries, sync.OnceValues(func() (binary, error) { return h.witness(i, p, overlay) }))
	}
	if _, err := h.binaries[0](); err != nil {
		return nil, err
	}
	survived := make([]bool, len(h.set.mutants))
	errs := make([]error, len(h.set.mutants))
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				survived[i], errs[i] = h.survives(i)
				if survived[i] {
					fmt.Fprintln(os.Stderr, "alive:", h.set.mutants[i])
				}
			}
		})
	}
	for _, constants := range []bool{false, true} { // these last, as each is built
		for i, m := range h.set.mutants {
			if constants == (m.source != "") {
				next <- i
			}
		}
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

// witness builds and measures the tests of one package, without a mutant.
func (h *hunt) witness(i int, p pkg, overlay string) (binary, error) {
	b, err := h.build(fmt.Sprintf("tests%d", i), overlay, p)
	if err != nil {
		return binary{}, err
	}
	if err := b.measure(); err != nil {
		return binary{}, fmt.Errorf("tests of %s fail without a mutant: %w", p.ImportPath, err)
	}
	return b, nil
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

func (h *hunt) survives(i int) (bool, error) {
	m := h.set.mutants[i]
	if m.source != "" {
		return h.constantSurvives(i, m)
	}
	for _, of := range h.binaries {
		b, err := of()
		if err != nil {
			return false, err
		}
		if b.test(i+1) != nil {
			return false, nil
		}
	}
	return true, nil
}

// constantSurvives builds the tests anew; one that does not compile is killed.
func (h *hunt) constantSurvives(i int, m mutant) (bool, error) {
	name := fmt.Sprintf("constant%d", i)
	overlay, err := h.overlay(name, map[string]string{filepath.Join(h.set.pkg.Module.Dir, m.file): m.source})
	if err != nil {
		return false, err
	}
	for j, p := range h.witnesses() {
		b, err := h.build(name, overlay, p)
		if errors.Is(err, errRefused) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		original, err := h.binaries[j]()
		if err != nil {
			return false, err
		}
		b.slow, b.limit = original.slow, original.limit
		err = b.test(0)
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

var errRefused = errors.New("it does not compile")

func (h *hunt) build(name, overlay string, p pkg) (binary, error) {
	b := binary{path: filepath.Join(h.dir, name+".test"), dir: p.Dir, args: []string{"-test.failfast", "-test.short", "-test.timeout=0"}}
	if slices.Contains(slices.Concat(p.TestImports, p.XTestImports), "pgregory.net/rapid") {
		b.args = append(b.args, "-rapid.seed=1", "-rapid.shrinktime=1ms", "-rapid.nofailfile")
	}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", overlay, "-o", b.path, p.ImportPath)
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return b, nil
	case bytes.HasPrefix(out, []byte("# ")): // what the compiler says, under the name of the package
		err = errRefused
	}
	return binary{}, fmt.Errorf("build the tests of %s: %w\n%s", p.ImportPath, err, out)
}

var testTook = regexp.MustCompile(`(?m)^--- PASS: (\w+) \(([0-9.]+)s\)$`)

// measure runs the tests without a mutant and sets slow and limit.
func (b *binary) measure() error {
	cmd := b.command(0, "-test.v")
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	var slow []string
	for _, m := range testTook.FindAllStringSubmatch(string(out), -1) {
		if took, err := time.ParseDuration(m[2] + "s"); err != nil || took > quick {
			slow = append(slow, m[1])
		}
	}
	if len(slow) > 0 {
		b.slow = "^(" + strings.Join(slow, "|") + ")$"
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	b.limit = patience*int(used/time.Second+1) + moment
	return nil
}

// test runs the tests with one mutant switched on, 0 for none.
func (b binary) test(mutant int) error {
	if b.slow == "" {
		return b.command(mutant).Run()
	}
	if err := b.command(mutant, "-test.skip", b.slow).Run(); err != nil {
		return err
	}
	return b.command(mutant, "-test.run", b.slow).Run()
}

func (b binary) command(mutant int, args ...string) *exec.Cmd {
	limit := "unlimited"
	if b.limit > 0 {
		limit = strconv.Itoa(b.limit)
	}
	cmd := exec.Command("sh", slices.Concat([]string{"-c", `ulimit -t "$0" && exec "$@"`, limit, b.path}, b.args, args)...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(mutant))
	return cmd
}
