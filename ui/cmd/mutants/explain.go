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

// judge fails for survivors without an explanation and, where every mutant was made, for
// explanations without a survivor.
func (e explained) judge(survivors []mutant, all bool) error {
	needed := map[string]bool{}
	unexplained := 0
	for _, m := range survivors {
		needed[m.String()] = true
		if why, ok := e[m.String()]; ok {
			fmt.Printf("explained  %v: %s\n", m, why)
			continue
		}
		unexplained++
		fmt.Printf("SURVIVED   %v\n", m)
	}
	idle := 0
	for what := range e {
		if all && !needed[what] {
			idle++
			fmt.Printf("NOT NEEDED %s\n", what)
		}
	}
	if unexplained > 0 || idle > 0 {
		return fmt.Errorf("%d mutants survived without an explanation, %d explanations are not needed", unexplained, idle)
	}
	return nil
}
