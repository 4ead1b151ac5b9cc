package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"tacit/ui/cmd/internal/xvfb"
	"tacit/ui/theme"
)

// patience bounds what a person would wait for.
const patience = 30 * time.Second

// window is one running Tacit with its place on the screen.
type window struct {
	stage   *stage
	side    int
	title   string
	area    image.Rectangle
	palette theme.Palette
	cmd     *exec.Cmd
	ended   chan struct{} // closed when the program has ended
	id      string
	log     *os.File
}

// start opens Tacit at a side of the link and puts its window in its place.
func (s *stage) start(side int, title string, area image.Rectangle, more ...string) (*window, error) {
	return s.startWith(side, title, area, append([]string{"--profile", filepath.Join(s.dir, title)}, more...)...)
}

// startWith is start of the profiles that the arguments say, or where they say none of
// those in a configuration folder of the window's own.
func (s *stage) startWith(side int, title string, area image.Rectangle, more ...string) (*window, error) {
	log, err := os.OpenFile(filepath.Join(s.dir, title+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	args := append([]string{"--title", title, "--size", fmt.Sprintf("%dx%d", area.Dx(), area.Dy())}, more...)
	w := &window{stage: s, side: side, title: title, area: area, palette: theme.Light, log: log, ended: make(chan struct{})}
	w.cmd = s.link.command(side, s.program("tacit"), args...)
	// A home of its own: the toolkit keeps a file there, and so does whoever runs this.
	w.cmd.Env = append(s.screen.env(), "LANG=en_GB.UTF-8", "LC_ALL=", "XDG_CONFIG_HOME="+filepath.Join(s.dir, title+".config"))
	w.cmd.Stdout, w.cmd.Stderr = log, log
	xvfb.Tie(w.cmd)
	if err := w.cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	s.open = append(s.open, w)
	go func() {
		defer close(w.ended)
		_ = w.cmd.Wait() // killed in the end, so it always fails
	}()
	if err := await(patience, "the window "+title, w.find); err != nil {
		return nil, err
	}
	return w, w.place(area)
}

func (w *window) find() bool {
	cmd := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^"+w.title+"$")
	cmd.Env = w.stage.screen.env()
	out, err := cmd.Output()
	ids := strings.Fields(string(out))
	if err != nil || len(ids) == 0 {
		return false
	}
	w.id = ids[len(ids)-1]
	return true
}

// place moves and sizes the window and waits until it has been painted there.
func (w *window) place(area image.Rectangle) error {
	w.area = area
	if err := w.stage.screen.tool("windowsize", "--sync", w.id, fmt.Sprint(area.Dx()), fmt.Sprint(area.Dy())); err != nil {
		return err
	}
	if err := w.stage.screen.tool("windowmove", "--sync", w.id, fmt.Sprint(area.Min.X), fmt.Sprint(area.Min.Y)); err != nil {
		return err
	}
	return w.settle()
}

func (w *window) focus() error {
	return w.stage.screen.tool("windowactivate", "--sync", w.id)
}

// click presses the mouse at a point of the window; negative coordinates count from the far edge.
func (w *window) click(x, y int) error {
	if x < 0 {
		x += w.area.Dx()
	}
	if y < 0 {
		y += w.area.Dy()
	}
	if err := w.focus(); err != nil {
		return err
	}
	if err := w.stage.screen.tool("mousemove", "--sync", fmt.Sprint(w.area.Min.X+x), fmt.Sprint(w.area.Min.Y+y),
		"sleep", "0.05", "click", "1"); err != nil {
		return err
	}
	return w.park()
}

// menu presses the other button of the mouse on words.
func (w *window) menu(words string) error {
	at, err := w.see(words)
	if err != nil {
		return err
	}
	middle := at.Min.Add(at.Size().Div(2)).Add(w.area.Min)
	return w.changes("the menu of "+words, func() error {
		err := w.stage.screen.tool("mousemove", "--sync", fmt.Sprint(middle.X), fmt.Sprint(middle.Y), "sleep", "0.05", "click", "3")
		return errors.Join(err, w.park())
	})
}

// park takes the pointer away: it would cover words, and what lies under it looks
// different. A window is not told that the pointer has left it, so it goes to a bare
// corner first.
func (w *window) park() error {
	return w.stage.screen.tool("sleep", "0.05",
		"mousemove", "--sync", fmt.Sprint(w.area.Max.X-2), fmt.Sprint(w.area.Max.Y-2), "sleep", "0.05",
		"mousemove", "--sync", "2", fmt.Sprint(windowHeight+parking/2))
}

// wheel turns the wheel down over a point of the window.
func (w *window) wheel(x, y, notches int) error {
	if x < 0 {
		x += w.area.Dx()
	}
	if err := w.stage.screen.tool("mousemove", "--sync", fmt.Sprint(w.area.Min.X+x), fmt.Sprint(w.area.Min.Y+y),
		"sleep", "0.05", "click", "--repeat", fmt.Sprint(notches), "--delay", "15", "5"); err != nil {
		return err
	}
	return w.park()
}

// keys presses keys by their X names, such as "Return" or "ctrl+n".
func (w *window) keys(names ...string) error {
	if err := w.focus(); err != nil {
		return err
	}
	for _, name := range names {
		if err := w.stage.screen.tool("key", "--clearmodifiers", "--delay", "20", name); err != nil {
			return err
		}
	}
	return nil
}

// write types a text.
func (w *window) write(text string) error {
	if err := w.focus(); err != nil {
		return err
	}
	return w.stage.screen.tool("type", "--clearmodifiers", "--delay", "12", text)
}

// paste puts a text on the clipboard and presses Ctrl+V.
func (w *window) paste(text string) error {
	if err := w.copy(text); err != nil {
		return err
	}
	return w.keys("ctrl+v")
}

// copy puts a text on the clipboard.
func (w *window) copy(text string) error {
	cmd := exec.Command("xclip", "-selection", "clipboard", "-in")
	cmd.Env = w.stage.screen.env()
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("set the clipboard: %w", err)
	}
	return nil
}

// picture is what the window shows.
func (w *window) picture() (*image.RGBA, error) { return w.stage.screen.picture(w.area) }

// settle waits until the window has shown the same for a while, shorter than a caret's blink.
func (w *window) settle() error {
	var last []byte
	same := time.Now()
	return await(patience, w.title+" to settle", func() bool {
		img, err := w.picture()
		if err != nil {
			return false
		}
		if !bytes.Equal(last, img.Pix) {
			last, same = img.Pix, time.Now()
			return false
		}
		return time.Since(same) > 250*time.Millisecond
	})
}

// changes does something and waits until the window looks different and has settled.
func (w *window) changes(what string, do func() error) error {
	before, err := w.picture()
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := await(patience, what, func() bool {
		now, err := w.picture()
		return err == nil && !bytes.Equal(before.Pix, now.Pix)
	}); err != nil {
		return err
	}
	return w.settle()
}

// shoot writes a screenshot.
func (w *window) shoot(name string) error {
	if err := w.settle(); err != nil {
		return err
	}
	img, err := w.picture()
	if err != nil {
		return err
	}
	return savePNG(filepath.Join(w.stage.shots, name+".png"), img)
}

// kill ends the program as a power cut would.
func (w *window) kill() {
	// ip netns exec replaces itself by the program, so this reaches Tacit.
	_ = w.cmd.Process.Kill()
	<-w.ended
	_ = w.log.Close()
}
