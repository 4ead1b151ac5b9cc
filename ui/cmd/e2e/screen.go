package main

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tacit/ui/cmd/internal/xvfb"
)

// screen is an X server without a monitor, with a window manager.
type screen struct {
	server  *xvfb.Server
	manager *exec.Cmd
	dir     string
}

// The window manager's rules: no decorations, so that a window's place is its content's.
const openboxConfig = `<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <theme><keepBorder>no</keepBorder></theme>
  <placement><policy>UnderMouse</policy></placement>
  <mouse><context name="Client"><mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind></context></mouse>
  <applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>
`

func openScreen(dir string, width, height int) (*screen, error) {
	s := &screen{dir: dir}
	var err error
	if s.server, err = xvfb.Start(dir, width, height); err != nil {
		return nil, fmt.Errorf("start the X server: %w", err)
	}
	if err := await(patience, "the X server", func() bool { return s.tool("getmouselocation") == nil }); err != nil {
		s.close()
		return nil, err
	}
	if err := s.startManager(); err != nil {
		s.close()
		return nil, fmt.Errorf("start the window manager: %w", err)
	}
	return s, nil
}

func (s *screen) startManager() error {
	rules := filepath.Join(s.dir, "openbox.xml")
	if err := os.WriteFile(rules, []byte(openboxConfig), 0o600); err != nil {
		return err
	}
	s.manager = exec.Command("openbox", "--config-file", rules)
	s.manager.Env = s.env()
	xvfb.Tie(s.manager)
	return s.manager.Start()
}

func (s *screen) close() {
	if s.manager != nil && s.manager.Process != nil {
		_ = s.manager.Process.Kill()
		_ = s.manager.Wait()
	}
	s.server.Stop()
}

func (s *screen) env() []string { return s.server.Env() }

// tool runs xdotool on this screen.
func (s *screen) tool(args ...string) error {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %v: %w: %s", args, err, out)
	}
	return nil
}

// picture reads a part of the screen.
func (s *screen) picture(area image.Rectangle) (*image.RGBA, error) { return s.server.Picture(area) }

// await polls until ok, at most for d.
func await(d time.Duration, what string, ok func() bool) error {
	for end := time.Now().Add(d); ; time.Sleep(50 * time.Millisecond) {
		if ok() {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("waited %v in vain for %s", d, what)
		}
	}
}
