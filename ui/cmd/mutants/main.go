// Command mutants asks of every comparison and every bound in some packages whether a
// test would notice if it were wrong.
//
//	mutants [-only TEXT] ./identity/...
//
// Each comparison is negated and, where it orders, moved by one; && and || are exchanged,
// as are min and max, a ! is dropped; each number in a constant is made one greater and one less. A mutant is killed
// when the tests of its package fail, or else those of a package that imports it. One
// that survives must be explained in identity/testdata/mutants.txt, where each line is
//
//	file: function: expression: change: why no test can tell
//
// and an explanation that no survivor needs is an error, too.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const explanations = "identity/testdata/mutants.txt"

func main() {
	only := flag.String("only", "", "only mutants whose description contains this")
	flag.Parse()
	if err := run(flag.Args(), *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(patterns []string, only string) error {
	scratch, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return fmt.Errorf("scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	known, err := readExplanations(explanations)
	if err != nil {
		return err
	}
	packages, err := list(patterns)
	if err != nil {
		return err
	}
	begun := time.Now()
	var total, killed, unexplained, idle int
	needed := map[string]bool{}
	for i, p := range packages {
		set, err := mutate(p, only)
		if err != nil {
			return err
		}
		began := time.Now()
		alive, err := (&hunt{set: set, packages: packages, dir: filepath.Join(scratch, fmt.Sprint(i))}).run()
		if err != nil {
			return err
		}
		report(p.ImportPath, len(set.mutants), len(set.mutants)-len(alive), began)
		unexplained += known.judge(alive, needed)
		total, killed = total+len(set.mutants), killed+len(set.mutants)-len(alive)
	}
	report("all", total, killed, begun)
	if only == "" {
		idle = known.idle(needed)
	}
	if unexplained > 0 || idle > 0 {
		return fmt.Errorf("%d mutants survived without an explanation, %d explanations are not needed", unexplained, idle)
	}
	return nil
}

func report(name string, mutants, killed int, begun time.Time) {
	fmt.Printf("%-28s %4d mutants %4d killed in %v\n", name, mutants, killed, time.Since(begun).Round(time.Second))
}
