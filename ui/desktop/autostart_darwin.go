package desktop

// NewAutostart returns nil: macOS starts only what is an application bundle.
func NewAutostart(string, ...string) *Autostart { return nil }

func (a *Autostart) on() bool       { return false }
func (a *Autostart) set(bool) error { return nil }
