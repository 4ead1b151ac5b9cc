package build

import (
	"runtime"
	"testing"
)

func TestLine(t *testing.T) {
	for want, b := range map[string]Build{
		"tacit 1.2.3 (0123abcd+, go9)":        {Version: "1.2.3", Commit: "0123abcd+", Go: "go9"},
		"tacit built by hand (0123abcd, go9)": {Commit: "0123abcd", Go: "go9"},
		"tacit 1.2.3 (commit unknown, go9)":   {Version: "1.2.3", Go: "go9"},
	} {
		if got := b.Line("tacit"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestThis(t *testing.T) {
	defer func(v, c string) { version, commit = v, c }(version, commit)
	version, commit = "1.2.3", "0123abcd"
	if got, want := This(), (Build{"1.2.3", "0123abcd", runtime.Version()}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
