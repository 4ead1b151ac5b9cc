package main

import (
	"bytes"
	"strings"
	"testing"

	"tacit/ui/cmd/internal/build"
)

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	err := dispatch(t.Context(), []string{"--version"}, strings.NewReader(""), &out)
	if want := build.This().Line("tacitd") + "\n"; err != nil || out.String() != want {
		t.Errorf("%q, %v; want %q", out.String(), err, want)
	}
}
