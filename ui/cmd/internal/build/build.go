// Package build says which version a program is and what it was built from.
package build

import (
	"fmt"
	"runtime/debug"
)

// version and commit are set by the linker (Makefile, packaging/build.sh); empty where
// somebody built by hand.
var version, commit string

// Build is what one program was made of.
type Build struct {
	Version string // as a person counts, or empty
	Commit  string // hash of the source, or empty; with a "+" where it was changed since
	Go      string // version of the compiler
}

// This returns the build of the running program. What the linker was not told, the
// compiler may know.
func This() Build {
	b := Build{Version: version, Commit: commit}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && b.Commit == "" {
			b.Commit = s.Value
		}
	}
	return b
}

// Line is what a program answers to --version: "NAME VERSION (COMMIT, COMPILER)".
func (b Build) Line(program string) string {
	version, commit := b.Version, b.Commit
	if version == "" {
		version = "built by hand"
	}
	if commit == "" {
		commit = "commit unknown"
	}
	return fmt.Sprintf("%s %s (%s, %s)", program, version, commit, b.Go)
}
