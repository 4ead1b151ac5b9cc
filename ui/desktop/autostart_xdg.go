//go:build !windows && !darwin

package desktop

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// NewAutostart returns the start of a program with options; nil where the system has no
// place for it.
func NewAutostart(program string, options ...string) *Autostart {
	dir, err := os.UserConfigDir()
	if err != nil {
		return nil
	}
	return &Autostart{filepath.Join(dir, "autostart", "tacit.desktop"), append([]string{program}, options...)}
}

// entry is the file of the Desktop Application Autostart Specification.
func (a *Autostart) entry() string {
	return "[Desktop Entry]\nType=Application\nName=" + programName + "\nIcon=" + programIcon +
		"\nTerminal=false\n" + a.execLine() + "\n"
}

func (a *Autostart) execLine() string {
	words := make([]string, len(a.command))
	for i, w := range a.command {
		words[i] = execWord(w)
	}
	return "Exec=" + strings.Join(words, " ")
}

// execWord quotes a word of a command: for the command line, then for the value of a key.
func execWord(w string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`).Replace(w)
	return `"` + strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(quoted) + `"`
}

func (a *Autostart) on() bool {
	b, err := os.ReadFile(a.place)
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	// The settings of a desktop switch an entry off in one of these ways.
	off := slices.Contains(lines, "Hidden=true") || slices.Contains(lines, "X-GNOME-Autostart-enabled=false")
	return !off && slices.Contains(lines, a.execLine())
}

func (a *Autostart) set(on bool) error {
	if !on {
		if err := os.Remove(a.place); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(a.place), 0o700); err != nil {
		return err
	}
	whole := a.place + ".new" // a session that begins meanwhile finds the old entry or the new one
	if err := os.WriteFile(whole, []byte(a.entry()), 0o600); err != nil {
		return err
	}
	return os.Rename(whole, a.place)
}
