//go:build linux || freebsd || netbsd || openbsd

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
	"strconv"
	"strings"
)

// What may go wrong.
var (
	errNoDisplay = errors.New("no X11 display of this computer")
	errRefused   = errors.New("the display refused")
	errProtocol  = errors.New("the display does not speak X11")
	errNothing   = errors.New("no picture is offered")
	errTooLarge  = errors.New("the picture is too large")
)

// Requests and events of the protocol that are used.
const (
	opCreateWindow     = 1
	opInternAtom       = 16
	opDeleteProperty   = 19
	opGetProperty      = 20
	opConvertSelection = 24

	eventProperty  = 28
	eventSelection = 31
)

// display is a connection to an X server, little-endian. It serves one reading.
type display struct {
	conn   net.Conn
	stop   func() bool
	window uint32
	seen   map[string]uint32 // atoms by their names
	events [][]byte          // that came while a reply was awaited
}

// open connects to a display of this computer, such as ":0", and makes a window there
// that is never seen.
func open(ctx context.Context, name string) (*display, error) {
	number, err := parse(name)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	path := "/tmp/.X11-unix/X" + number
	conn, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		if conn, err = dialer.DialContext(ctx, "unix", "@"+path); err != nil {
			return nil, errNoDisplay
		}
	}
	d := &display{conn: conn, seen: map[string]uint32{}}
	d.stop = context.AfterFunc(ctx, func() { conn.Close() }) // ends what waits for the display
	if err := conn.SetDeadline(deadline(ctx)); err != nil {
		d.close()
		return nil, err
	}
	if err := d.greet(cookie(number)); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *display) close() {
	d.stop()
	d.conn.Close() // everything was read; the window goes with the connection
}

// parse returns the number of a local display: "1" of ":1" or ":1.0".
func parse(name string) (string, error) {
	host, rest, ok := strings.Cut(name, ":")
	number, _, _ := strings.Cut(rest, ".")
	if n, err := strconv.Atoi(number); !ok || host != "" && host != "unix" || err != nil || n < 0 {
		return "", errNoDisplay
	}
	return number, nil
}

const cookieKind = "MIT-MAGIC-COOKIE-1"

// cookie returns what the server wants to hear from a client of this user, or nothing.
func cookie(number string) []byte {
	path := os.Getenv("XAUTHORITY")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		path = filepath.Join(home, ".Xauthority")
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return nil // a server without access control wants none
	}
	return cookieIn(file, number)
}

// cookieIn finds the cookie of a display in a file of them: each entry is a family and
// four strings with their lengths.
func cookieIn(file []byte, number string) []byte {
	for len(file) >= 2 {
		file = file[2:]
		var field [4][]byte // address, number, kind, data
		for i := range field {
			if len(file) < 2 {
				return nil
			}
			n := int(binary.BigEndian.Uint16(file))
			if len(file) < 2+n {
				return nil
			}
			field[i], file = file[2:2+n], file[2+n:]
		}
		if string(field[2]) == cookieKind && (len(field[1]) == 0 || string(field[1]) == number) {
			return field[3]
		}
	}
	return nil
}

// greet opens the conversation and makes the window.
func (d *display) greet(secret []byte) error {
	kind := cookieKind
	if len(secret) == 0 {
		kind = ""
	}
	hello := []byte{'l', 0, 11, 0, 0, 0}
	hello = binary.LittleEndian.AppendUint16(hello, uint16(len(kind)))
	hello = binary.LittleEndian.AppendUint16(hello, uint16(len(secret)))
	hello = append(hello, 0, 0)
	hello = append(hello, padded([]byte(kind))...)
	hello = append(hello, padded(secret)...)
	if _, err := d.conn.Write(hello); err != nil {
		return fmt.Errorf("greet the display: %w", err)
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(d.conn, head); err != nil {
		return fmt.Errorf("hear the display: %w", err)
	}
	body := make([]byte, 4*int(binary.LittleEndian.Uint16(head[6:])))
	if _, err := io.ReadFull(d.conn, body); err != nil {
		return fmt.Errorf("hear the display: %w", err)
	}
	if head[0] != 1 {
		return errRefused
	}
	if len(body) < 32 {
		return errProtocol
	}
	d.window = binary.LittleEndian.Uint32(body[4:])
	vendor, formats := int(binary.LittleEndian.Uint16(body[16:])), int(body[21])
	screen := 32 + (vendor+3)/4*4 + 8*formats
	if len(body) < screen+4 {
		return errProtocol
	}
	root := binary.LittleEndian.Uint32(body[screen:])
	const inputOnly, eventMask, propertyChange = 2 << 16, 0x800, 0x400000
	return d.request(opCreateWindow, 0, d.window, root, 0, 1|1<<16, inputOnly, 0, eventMask, propertyChange)
}

// request sends a request of numbers.
func (d *display) request(op, flag byte, args ...uint32) error {
	b := []byte{op, flag}
	b = binary.LittleEndian.AppendUint16(b, uint16(1+len(args)))
	for _, a := range args {
		b = binary.LittleEndian.AppendUint32(b, a)
	}
	_, err := d.conn.Write(b)
	return err
}

// atom returns the number that stands for a name.
func (d *display) atom(name string) (uint32, error) {
	if a, ok := d.seen[name]; ok {
		return a, nil
	}
	text := padded([]byte(name))
	b := []byte{opInternAtom, 0}
	b = binary.LittleEndian.AppendUint16(b, uint16(2+len(text)/4))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(name)))
	b = append(append(b, 0, 0), text...)
	if _, err := d.conn.Write(b); err != nil {
		return 0, err
	}
	r, err := d.reply()
	if err != nil {
		return 0, err
	}
	d.seen[name] = binary.LittleEndian.Uint32(r[8:])
	return d.seen[name], nil
}

// reply returns the next answer; events before it are kept for event.
func (d *display) reply() ([]byte, error) {
	for {
		p, err := d.packet()
		if err != nil {
			return nil, err
		}
		if p[0] == 1 {
			return p, nil
		}
		d.events = append(d.events, p)
	}
}

// event returns the next event that is wanted.
func (d *display) event(wanted func([]byte) bool) ([]byte, error) {
	for {
		var e []byte
		if len(d.events) > 0 {
			e, d.events = d.events[0], d.events[1:]
		} else {
			var err error
			if e, err = d.packet(); err != nil {
				return nil, err
			}
		}
		if wanted(e) {
			return e, nil
		}
	}
}

// packet reads an answer, an event or an error, which ends the reading.
func (d *display) packet() ([]byte, error) {
	p := make([]byte, 32)
	if _, err := io.ReadFull(d.conn, p); err != nil {
		return nil, fmt.Errorf("hear the display: %w", err)
	}
	switch p[0] {
	case 0:
		return nil, errRefused
	case 1:
		n := 4 * int64(binary.LittleEndian.Uint32(p[4:]))
		if n > maxReply {
			return nil, errTooLarge
		}
		p = append(p, make([]byte, n)...)
		if _, err := io.ReadFull(d.conn, p[32:]); err != nil {
			return nil, fmt.Errorf("hear the display: %w", err)
		}
	}
	return p, nil
}

// padded fills b up to a multiple of four bytes.
func padded(b []byte) []byte {
	return append(bytes.Clone(b), make([]byte, (4-len(b)%4)%4)...)
}
