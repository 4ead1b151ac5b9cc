package main

import (
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// screen is an X server without a monitor whose frame buffer is a file, so that a
// picture of it costs a read and no further program.
type screen struct {
	display string
	server  *exec.Cmd
	manager *exec.Cmd
	pixels  *os.File // the frame buffer
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
	if err := s.startServer(width, height); err != nil {
		s.close()
		return nil, fmt.Errorf("start the X server: %w", err)
	}
	if err := s.startManager(); err != nil {
		s.close()
		return nil, fmt.Errorf("start the window manager: %w", err)
	}
	return s, nil
}

// startServer lets the server choose a display that is free, and waits until it answers.
func (s *screen) startServer(width, height int) error {
	told, tell, err := os.Pipe()
	if err != nil {
		return err
	}
	defer told.Close()
	s.server = exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-fbdir", s.dir, "-nolisten", "tcp")
	s.server.ExtraFiles = []*os.File{tell}
	tie(s.server)
	err = s.server.Start()
	tell.Close() // the server has its own copy
	if err != nil {
		return err
	}
	var number int
	if _, err := fmt.Fscan(told, &number); err != nil {
		return fmt.Errorf("it named no display: %w", err)
	}
	s.display = fmt.Sprintf(":%d", number)
	if s.pixels, err = os.Open(filepath.Join(s.dir, "Xvfb_screen0")); err != nil {
		return err
	}
	return await(patience, "the X server", func() bool { return s.tool("getmouselocation") == nil })
}

func (s *screen) startManager() error {
	rules := filepath.Join(s.dir, "openbox.xml")
	if err := os.WriteFile(rules, []byte(openboxConfig), 0o600); err != nil {
		return err
	}
	s.manager = exec.Command("openbox", "--config-file", rules)
	s.manager.Env = s.env()
	tie(s.manager)
	return s.manager.Start()
}

func (s *screen) close() {
	for _, p := range []*exec.Cmd{s.manager, s.server} {
		if p != nil && p.Process != nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	}
	if s.pixels != nil {
		s.pixels.Close()
	}
}

func (s *screen) env() []string {
	return append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1")
}

// tool runs xdotool on this screen.
func (s *screen) tool(args ...string) error {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = s.env()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("xdotool %v: %w: %s", args, err, out)
	}
	return nil
}

// Fields of the XWD header, 32-bit big-endian words from the start of the file
// (X11/XWDFile.h).
const (
	xwdHeaderSize   = 0
	xwdWidth        = 4
	xwdHeight       = 5
	xwdBitsPerPixel = 11
	xwdBytesPerLine = 12
	xwdColours      = 19
	xwdWords        = 25
	xwdColourSize   = 12 // bytes of one colour map entry
)

// picture reads a part of the screen.
func (s *screen) picture(area image.Rectangle) (*image.RGBA, error) {
	head := make([]byte, 4*xwdWords)
	if _, err := s.pixels.ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("read the frame buffer: %w", err)
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(head[4*i:])) }
	if word(xwdBitsPerPixel) != 32 {
		return nil, fmt.Errorf("the frame buffer has %d bits a pixel, not 32", word(xwdBitsPerPixel))
	}
	first := word(xwdHeaderSize) + word(xwdColours)*xwdColourSize
	area = area.Intersect(image.Rect(0, 0, word(xwdWidth), word(xwdHeight)))
	img := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	for y := range area.Dy() {
		row := img.Pix[y*img.Stride : (y+1)*img.Stride]
		at := first + (area.Min.Y+y)*word(xwdBytesPerLine) + 4*area.Min.X
		if _, err := s.pixels.ReadAt(row, int64(at)); err != nil {
			return nil, fmt.Errorf("read the frame buffer: %w", err)
		}
		for i := 0; i < len(row); i += 4 { // stored blue first
			row[i], row[i+2], row[i+3] = row[i+2], row[i], 255
		}
	}
	return img, nil
}

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
