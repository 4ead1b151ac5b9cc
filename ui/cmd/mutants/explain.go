package main

import (
	"fmt"
	"os"
	"strings"
)

// explained says of surviving mutants why no test can tell them from the original.
type explained map[string]string

func readExplanations(path string) (explained, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("explanations: %w", err)
	}
	known := explained{}
	for n, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		what, why, ok := cutLast(line, ": ")
		if !ok || why == "" {
			return nil, fmt.Errorf("explanations: line %d has no reason", n+1)
		}
		known[what] = why
	}
	return known, nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// judge prints the survivors and counts those without an explanation; which of them are
// needed is noted.
func (e explained) judge(survivors []mutant, needed map[string]bool) (unexplained int) {
	for _, m := range survivors {
		needed[m.String()] = true
		if why, ok := e[m.String()]; ok {
			fmt.Printf("explained  %v: %s\n", m, why)
			continue
		}
		unexplained++
		fmt.Printf("SURVIVED   %v\n", m)
	}
	return unexplained
}

// idle prints and counts the explanations that no survivor needed.
func (e explained) idle(needed map[string]bool) (n int) {
	for what := range e {
		if !needed[what] {
			n++
			fmt.Printf("NOT NEEDED %s\n", what)
		}
	}
	return n
}
