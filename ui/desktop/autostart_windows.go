package desktop

import (
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// NewAutostart returns the start of a program with options.
func NewAutostart(program string, options ...string) *Autostart {
	return &Autostart{`Software\Microsoft\Windows\CurrentVersion\Run`, append([]string{program}, options...)}
}

func (a *Autostart) line() string { return windows.ComposeCommandLine(a.command) }

func (a *Autostart) on() bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, a.place, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	value, _, err := key.GetStringValue(programName)
	return err == nil && value == a.line()
}

func (a *Autostart) set(on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, a.place, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if on {
		return key.SetStringValue(programName, a.line())
	}
	if err := key.DeleteValue(programName); !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}
