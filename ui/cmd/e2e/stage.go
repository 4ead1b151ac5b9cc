package main

import (
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// The screen: room for the windows of the three people side by side.
const (
	windowWidth  = 1080
	windowHeight = 720
	parking      = 16 // below the windows, for the pointer
)

// stage is a screen, a link and the people's windows.
type stage struct {
	dir    string // profiles, logs and pictures, removed at the end
	bin    string // where the programs lie
	shots  string // where screenshots go
	screen *screen
	link   *link

	amina, claire, youssef person
	open                   []*window
	mailbox                *drive.Mailbox // nil: none yet
}

// person is somebody at a window.
type person struct {
	name       string
	passphrase string
	*window
}

func newStage(shots string) (*stage, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tacit-e2e-")
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, bin: filepath.Dir(exe), shots: shots, link: &link{}}
	if l, err := joinNamespaces(fmt.Sprint(os.Getpid())); err != nil {
		fmt.Println("network namespaces are not permitted here, so both windows meet over loopback:", err)
	} else {
		s.link = l
	}
	s.screen, err = openScreen(dir, 3*windowWidth, windowHeight+parking)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// close ends everything that the stage began.
func (s *stage) close() error {
	for _, w := range s.open {
		w.kill()
	}
	if s.mailbox != nil {
		s.mailbox.Kill()
	}
	if s.screen != nil {
		s.screen.close()
	}
	s.link.close()
	return os.RemoveAll(s.dir)
}

func (s *stage) program(name string) string { return filepath.Join(s.bin, name) }

// place is where the window of the nth person stands.
func (s *stage) place(n int) image.Rectangle {
	return image.Rect(0, 0, windowWidth, windowHeight).Add(image.Pt(n*windowWidth, 0))
}

// gone fails if there is still something at a path among the people's folders.
func (s *stage) gone(path string) error {
	if _, err := os.Stat(filepath.Join(s.dir, path)); err == nil {
		return fmt.Errorf("%s is still there", path)
	}
	return nil
}

// scene is one part of the story.
type scene struct {
	name string
	play func(*stage) error
}

// play goes through the scenes; what the screen showed when one failed is kept.
func (s *stage) play(scenes []scene) error {
	for _, sc := range scenes {
		began := time.Now()
		if err := sc.play(s); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", sc.name, err), s.keepFailure())
		}
		fmt.Printf("%6.1f s  %s\n", time.Since(began).Seconds(), sc.name)
	}
	return nil
}

// keepFailure saves the screen and prints what the programs logged.
func (s *stage) keepFailure() error {
	logs, err := filepath.Glob(filepath.Join(s.dir, "*.log"))
	if err != nil {
		return err
	}
	for _, path := range logs {
		if f, err := os.Open(path); err == nil {
			fmt.Fprintf(os.Stderr, "--- %s\n", filepath.Base(path))
			_, _ = io.Copy(os.Stderr, f)
			f.Close()
		}
	}
	img, err := s.screen.picture(image.Rect(0, 0, 3*windowWidth, windowHeight))
	if err != nil {
		return err
	}
	path := filepath.Join(s.shots, "failed.png")
	fmt.Fprintln(os.Stderr, "the screen is in", path)
	return savePNG(path, img)
}
