package clip

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// server is an X server that knows one clipboard and one client.
type server struct {
	t       *testing.T
	offers  []string // kinds of content on the clipboard
	data    []byte
	parts   int  // the owner sends it in so many parts, 0 for whole
	endless bool // the owner never comes to an end
	silent  bool // the owner does not answer
	refuse  bool // the server wants no client
	garbage bool // it speaks another language

	names    map[string]uint32
	property []byte
	kind     uint32
	left     [][]byte
}

var displays atomic.Int64

// serve answers one client on an abstract socket and points DISPLAY at it.
func (s *server) serve() {
	number := 10_000*os.Getpid() + int(displays.Add(1))
	l, err := net.Listen("unix", fmt.Sprintf("@/tmp/.X11-unix/X%d", number))
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		s.talk(conn)
	}()
	s.t.Cleanup(func() {
		l.Close()
		<-done
	})
	s.t.Setenv("DISPLAY", fmt.Sprintf(":%d.0", number))
	s.t.Setenv("XAUTHORITY", filepath.Join(s.t.TempDir(), "none"))
}

func (s *server) talk(conn net.Conn) {
	s.names = map[string]uint32{}
	hello := make([]byte, 12)
	if _, err := io.ReadFull(conn, hello); err != nil {
		return
	}
	if s.garbage {
		_, _ = conn.Write(bytes.Repeat([]byte("no X11 at all "), 6000))
		return
	}
	conn.Write(s.greeting())
	for {
		head := make([]byte, 4)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[2:]))-4)
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		if _, err := conn.Write(s.answer(head[0], body)); err != nil {
			return
		}
	}
}

func (s *server) greeting() []byte {
	body := make([]byte, 32+8+8+40)
	binary.LittleEndian.PutUint32(body[4:], 0x400000)
	binary.LittleEndian.PutUint16(body[16:], 5) // length of the vendor's name
	body[21] = 1                                // formats
	binary.LittleEndian.PutUint32(body[32+8+8:], 0x99)
	head := []byte{1, 0, 11, 0, 0, 0, 0, 0}
	if s.refuse {
		head[0] = 0
	}
	binary.LittleEndian.PutUint16(head[6:], uint16(len(body)/4))
	return append(head, body...)
}

func (s *server) atom(name string) uint32 {
	if s.names[name] == 0 {
		s.names[name] = uint32(100 + len(s.names))
	}
	return s.names[name]
}

func (s *server) answer(op byte, body []byte) []byte {
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(body[4*i:]) }
	switch op {
	case opInternAtom:
		n := binary.LittleEndian.Uint16(body)
		r := make([]byte, 32)
		r[0] = 1
		binary.LittleEndian.PutUint32(r[8:], s.atom(string(body[4:4+n])))
		return r
	case opConvertSelection:
		return s.converted(u32(2), u32(3))
	case opGetProperty:
		return s.read(int(u32(3)), int(u32(4)))
	case opDeleteProperty:
		return s.next()
	}
	return nil
}

// converted has the owner write the property, and tells.
func (s *server) converted(target, property uint32) []byte {
	if s.silent {
		return nil
	}
	s.kind, s.property = target, s.data
	switch {
	case target == s.atom("TARGETS"):
		s.property = nil
		for _, o := range s.offers {
			s.property = binary.LittleEndian.AppendUint32(s.property, s.atom(o))
		}
	case s.endless || s.parts > 0:
		s.kind, s.property = s.atom("INCR"), []byte{0, 0, 0, 0}
		for i := range s.parts {
			s.left = append(s.left, s.data[i*len(s.data)/s.parts:(i+1)*len(s.data)/s.parts])
		}
		s.left = append(s.left, nil)
	}
	e := make([]byte, 32)
	e[0] = eventSelection
	binary.LittleEndian.PutUint32(e[20:], property)
	return e
}

func (s *server) read(offset, units int) []byte {
	all := s.property[min(4*offset, len(s.property)):]
	part := all[:min(4*units, len(all))]
	r := make([]byte, 32)
	r[0], r[1] = 1, 8
	binary.LittleEndian.PutUint32(r[4:], uint32((len(part)+3)/4))
	binary.LittleEndian.PutUint32(r[8:], s.kind)
	binary.LittleEndian.PutUint32(r[12:], uint32(len(all)-len(part)))
	binary.LittleEndian.PutUint32(r[16:], uint32(len(part)))
	return append(r, padded(part)...)
}

// next writes the next part after one was deleted.
func (s *server) next() []byte {
	if s.kind != s.atom("INCR") && len(s.left) == 0 && !s.endless {
		return nil
	}
	s.kind = s.atom("image/png")
	switch {
	case s.endless:
		s.property = make([]byte, 4<<20)
	case len(s.left) > 0:
		s.property, s.left = s.left[0], s.left[1:]
	default:
		return nil
	}
	e := make([]byte, 32)
	e[0] = eventProperty
	binary.LittleEndian.PutUint32(e[8:], s.atom("PICTURE"))
	return e
}

func TestPicture(t *testing.T) {
	picture := bytes.Repeat([]byte("\x89PNG picture"), 100_001) // several chunks, no multiple of four
	for what, s := range map[string]*server{
		"whole":             {offers: []string{"text/html", "image/png"}, data: picture},
		"in parts":          {offers: []string{"image/png"}, data: picture, parts: 7},
		"small":             {offers: []string{"image/jpeg", "UTF8_STRING"}, data: []byte("abcde")},
		"one byte in parts": {offers: []string{"image/png"}, data: []byte("x"), parts: 1},
	} {
		t.Run(what, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			s.t = t
			s.serve()
			got, err := Picture(t.Context())
			if err != nil || !bytes.Equal(got, s.data) {
				t.Errorf("%d bytes of %d, %v", len(got), len(s.data), err)
			}
		})
	}
}

func TestNoPicture(t *testing.T) {
	for what, s := range map[string]*server{
		"text":                    {offers: []string{"UTF8_STRING"}, data: []byte("hello")},
		"nothing":                 {},
		"an empty picture":        {offers: []string{"image/png"}},
		"a picture without end":   {offers: []string{"image/png"}, endless: true},
		"a silent owner":          {silent: true},
		"a server that refuses":   {refuse: true},
		"something that is no X":  {garbage: true},
		"more than a picture has": {offers: []string{"image/png"}, data: make([]byte, maxPicture+5)},
	} {
		t.Run(what, func(t *testing.T) {
			s.t = t
			s.serve()
			ctx, cancel := context.WithCancel(t.Context())
			if s.silent {
				timer := time.AfterFunc(10*time.Millisecond, cancel)
				defer timer.Stop()
			}
			defer cancel()
			if got, err := Picture(ctx); !errors.Is(err, ErrNone) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

func TestPictureWithoutADisplay(t *testing.T) {
	for _, name := range []string{"", ":", ":x", "elsewhere:0", "localhost:10.0", ":-1", ":987654321"} {
		t.Setenv("DISPLAY", name)
		if _, err := Picture(t.Context()); !errors.Is(err, ErrNone) {
			t.Errorf("display %q: %v", name, err)
		}
	}
}

func TestCookie(t *testing.T) {
	entry := func(number, kind, data string) []byte {
		b := []byte{1, 0}
		for _, s := range []string{"host", number, kind, data} {
			b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
			b = append(b, s...)
		}
		return b
	}
	file := append(entry("3", cookieKind, "other"), entry("7", "XDM", "wrong kind")...)
	file = append(file, entry("7", cookieKind, "right")...)
	if got := cookieIn(file, "7"); string(got) != "right" {
		t.Errorf("%q", got)
	}
	if got := cookieIn(entry("", cookieKind, "any"), "7"); string(got) != "any" {
		t.Errorf("%q", got)
	}
	for i := range file {
		if got := cookieIn(file[:i], "7"); i < len(file) && string(got) == "right" {
			t.Errorf("found in %d of %d bytes", i, len(file))
		}
	}
}
