package settings

// Build says what the program was built from.
type Build struct {
	Version string // as a person counts, or empty
	Commit  string // hash of the source, or empty
	Go      string // version of the compiler
}
