//go:build !darwin && !windows

package main

import (
	"strings"
	"testing"
)

func TestWithoutDisplay(t *testing.T) {
	for _, env := range [][]string{nil, {"DISPLAY=:65432"}} {
		out, code := runMain(t, env)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		last := lines[len(lines)-1]
		if code != 1 || !strings.HasPrefix(last, "tacit: ") || !strings.Contains(last, "tacitd") || strings.Contains(out, "goroutine") {
			t.Errorf("%v: exit %d, %q", env, code, out)
		}
	}
}
