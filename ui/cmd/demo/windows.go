package main

import (
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"

	"tacit/ui/cmd/internal/drive"
)

// windows pairs two profiles without a window, then opens one on each.
func (s *stage) windows(ctx context.Context) error {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		fmt.Println("There is no display here, so no window can open. This is the headless demo instead:")
		fmt.Println()
		return s.transcript(ctx)
	}
	fmt.Println("Making two profiles and pairing them...")
	if err := s.pairProfiles(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	places := sideBySide(ctx)
	ended := make(chan error, len(cast))
	for i, name := range cast {
		cmd := exec.CommandContext(ctx, s.program("tacit"),
			"--profile", s.profile(name), "--passphrase-file", s.pass, "--listen", "loopback",
			"--title", title(name), "--size", fmt.Sprintf("%dx%d", places[i].Dx(), places[i].Dy()))
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("window %d: %w", i+1, err)
		}
		go func() { ended <- cmd.Wait() }()
	}
	for i, name := range cast {
		move(ctx, title(name), places[i].Min)
	}
	fmt.Println("Two windows are open. Write in one and watch the other; close both to end.")
	for range cast {
		if err := <-ended; err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func title(name string) string { return "Tacit: " + name }

// Size of a window: the narrowest that shows the list beside the conversation.
const (
	windowWidth  = 720
	windowHeight = 680
	windowGap    = 16
	narrowest    = 380 // the window itself goes no narrower
)

// sideBySide returns a place for each window in the middle of the screen, narrower where
// the screen is.
func sideBySide(ctx context.Context) [2]image.Rectangle {
	screen := image.Pt(2*windowWidth+windowGap, windowHeight)
	if out, err := exec.CommandContext(ctx, "xdotool", "getdisplaygeometry").Output(); err == nil {
		_, _ = fmt.Sscan(string(out), &screen.X, &screen.Y) // what cannot be read stays
	}
	w := max(narrowest, min(windowWidth, (screen.X-windowGap)/2))
	left := max(0, (screen.X-2*w-windowGap)/2)
	first := image.Rect(0, 0, w, windowHeight).Add(image.Pt(left, max(0, (screen.Y-windowHeight)/2)))
	return [2]image.Rectangle{first, first.Add(image.Pt(w+windowGap, 0))}
}

// move puts a window in its place where xdotool can; elsewhere it stays where the window
// manager has put it.
func move(ctx context.Context, title string, to image.Point) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = exec.CommandContext(ctx, "xdotool", "search", "--sync", "--onlyvisible", "--name", "^"+title+"$",
		"windowmove", fmt.Sprint(to.X), fmt.Sprint(to.Y)).Run()
}

func (s *stage) pairProfiles(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	var processes []*drive.Process
	for _, name := range cast {
		if err := s.init(ctx, name); err != nil {
			return err
		}
		p, err := s.start(name)
		if err != nil {
			return err
		}
		defer p.Kill()
		processes = append(processes, p)
	}
	if _, err := drive.Pair(ctx, processes[0], processes[1], nil); err != nil {
		return err
	}
	for _, p := range processes {
		if err := p.Shutdown(ctx); err != nil {
			return err
		}
	}
	return nil
}
