// Command check runs the symbolic models of the handshake: it reads the part of ProVerif's language
// that they use and proves or refutes their queries by resolution on Horn clauses.
//
//	go run ./docs/proofs/check                   every model in docs/proofs
//	go run ./docs/proofs/check FILE.pv ...       these
//	go run ./docs/proofs/check -accept           every model, and writes the table and the hashes anew
//
// It ends with status 1 if a query does not come out as the comment before it says.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	home    = "docs/proofs"
	library = "tacit.pvl" // declarations that the models of a directory share
)

func main() {
	accept := flag.Bool("accept", false, "write the table and the hashes anew if all comes out as expected")
	flag.Parse()
	if err := run(flag.Args(), *accept); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

func run(files []string, accept bool) error {
	if len(files) == 0 {
		var err error
		if files, err = filepath.Glob(filepath.Join(home, "*.pv")); err != nil || len(files) == 0 {
			return errors.Join(err, fmt.Errorf("no model in %s", home))
		}
	} else if accept {
		return errors.New("only a run of all models can be accepted")
	}
	var all []result
	bad := 0
	for _, file := range files {
		start := time.Now()
		r, err := runFile(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, r)
		fmt.Printf("%s (%.1f s)\n", file, time.Since(start).Seconds())
		for _, v := range r.verdicts {
			remark := ""
			if v.expect != v.answer {
				remark = "   NOT AS EXPECTED: " + v.expect
				bad++
			}
			fmt.Printf("    %-5s %s%s\n", v.answer, v.note, remark)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d results are not as expected", bad)
	}
	if accept {
		return acceptAll(home, all, time.Now())
	}
	return nil
}

// A result is what became of one file.
type result struct {
	file     string
	verdicts []verdict
}

func runFile(file string) (result, error) {
	m := newModel()
	shared, err := os.ReadFile(filepath.Join(filepath.Dir(file), library))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return result{}, err
	}
	if err := m.parse(string(shared)); err != nil {
		return result{}, fmt.Errorf("%s: %w", library, err)
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return result{}, err
	}
	if err := m.parse(string(src)); err != nil {
		return result{}, err
	}
	verdicts, err := check(m)
	return result{file, verdicts}, err
}
