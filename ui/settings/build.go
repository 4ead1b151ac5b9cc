package settings

import "runtime/debug"

// version and commit are set by the linker (Makefile); empty where somebody built by hand.
var version, commit string

// Build says what this program was built from.
type Build struct {
	Version string // as a person counts, or empty
	Commit  string // hash of the source, or empty
	Go      string // version of the compiler
}

// ThisBuild returns the build of the running program. What the linker was not told, the
// compiler may know.
func ThisBuild() Build {
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
