// Package xvfb runs an X server without a monitor, for programs that drive real windows.
// Its frame buffer is a file, so that a picture of the screen costs a read and no further
// program.
package xvfb

import (
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
)

// Server is a running X server.
type Server struct {
	Display string
	*Screen
	cmd *exec.Cmd
}

// Start starts a server on a display that is free, with one screen of 24 bits; its frame
// buffer goes into dir.
func Start(dir string, width, height int) (*Server, error) {
	told, tell, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer told.Close()
	s := &Server{cmd: exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height),
		"-fbdir", dir, "-nolisten", "tcp")}
	s.cmd.ExtraFiles = []*os.File{tell}
	Tie(s.cmd)
	err = s.cmd.Start()
	tell.Close() // the server has its own copy
	if err != nil {
		return nil, err
	}
	var number int
	if _, err := fmt.Fscan(told, &number); err != nil {
		s.Stop()
		return nil, fmt.Errorf("it named no display: %w", err)
	}
	s.Display = fmt.Sprintf(":%d", number)
	if s.Screen, err = Open(dir); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// Env is the environment of a program whose window is to be on the server.
func (s *Server) Env() []string {
	return append(os.Environ(), "DISPLAY="+s.Display, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1")
}

// Stop ends the server.
func (s *Server) Stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	if s.Screen != nil {
		s.Close()
	}
}

// Screen is the frame buffer of a server.
type Screen struct{ pixels *os.File }

// Open opens the frame buffer of the server that was started with this folder.
func Open(dir string) (*Screen, error) {
	f, err := os.Open(filepath.Join(dir, "Xvfb_screen0"))
	if err != nil {
		return nil, err
	}
	return &Screen{f}, nil
}

// Close closes the file.
func (s *Screen) Close() error { return s.pixels.Close() }

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

// Picture reads a part of the screen.
func (s *Screen) Picture(area image.Rectangle) (*image.RGBA, error) {
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
