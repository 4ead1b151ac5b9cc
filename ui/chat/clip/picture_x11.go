//go:build linux || freebsd || netbsd || openbsd

package clip

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"time"
)

// Picture returns the picture on the clipboard as a file: PNG, JPEG, WebP or GIF. ErrNone
// where there is none, where there is no X11 display, or its owner does not answer in time.
func Picture(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d, err := open(ctx, os.Getenv("DISPLAY"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	defer d.close()
	data, err := d.picture()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return data, nil
}

// picture asks the owner of the clipboard what it has, and then for the best of it.
func (d *display) picture() ([]byte, error) {
	offers, err := d.convert("TARGETS")
	if err != nil {
		return nil, err
	}
	for _, name := range types {
		atom, err := d.atom(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(atoms(offers), atom) {
			data, err := d.convert(name)
			if err == nil && len(data) == 0 {
				err = errNothing
			}
			return data, err
		}
	}
	return nil, errNothing
}

// atoms reads a list of them.
func atoms(data []byte) (list []uint32) {
	for len(data) >= 4 && len(list) < maxTargets {
		list = append(list, binary.LittleEndian.Uint32(data))
		data = data[4:]
	}
	return list
}

// convert has the owner of the clipboard write it to a property of our window in the form
// that target names, and reads it from there.
func (d *display) convert(target string) ([]byte, error) {
	names := []string{"CLIPBOARD", target, "PICTURE", "INCR"}
	var a [4]uint32
	for i, name := range names {
		var err error
		if a[i], err = d.atom(name); err != nil {
			return nil, err
		}
	}
	clipboard, form, property, incr := a[0], a[1], a[2], a[3]
	if err := d.request(opConvertSelection, 0, d.window, clipboard, form, property, 0); err != nil {
		return nil, err
	}
	answer, err := d.event(func(e []byte) bool { return e[0]&0x7f == eventSelection })
	if err != nil {
		return nil, err
	}
	if binary.LittleEndian.Uint32(answer[20:]) != property {
		return nil, errNothing
	}
	kind, data, err := d.property(property)
	if err != nil || kind != incr {
		return data, err
	}
	return d.increments(property)
}

// increments reads what comes in parts: each is written when the one before was deleted,
// and the last is empty.
func (d *display) increments(property uint32) ([]byte, error) {
	var whole bytes.Buffer
	for {
		if _, err := d.event(func(e []byte) bool {
			return e[0]&0x7f == eventProperty && binary.LittleEndian.Uint32(e[8:]) == property && e[16] == 0
		}); err != nil {
			return nil, err
		}
		_, part, err := d.property(property)
		if err != nil || len(part) == 0 {
			return whole.Bytes(), err
		}
		if whole.Len()+len(part) > maxPicture {
			return nil, errTooLarge
		}
		whole.Write(part)
	}
}

// property reads a property whole and deletes it.
func (d *display) property(name uint32) (kind uint32, data []byte, err error) {
	for {
		if err := d.request(opGetProperty, 0, d.window, name, 0, uint32(len(data)/4), chunk); err != nil {
			return 0, nil, err
		}
		r, err := d.reply()
		if err != nil {
			return 0, nil, err
		}
		kind = binary.LittleEndian.Uint32(r[8:])
		after, units := binary.LittleEndian.Uint32(r[12:]), int(binary.LittleEndian.Uint32(r[16:]))
		n := units * int(r[1]) / 8 // r[1] is the size of a unit in bits
		if n > len(r)-32 || len(data)+n+int(after) > maxPicture {
			return 0, nil, errTooLarge
		}
		data = append(data, r[32:32+n]...)
		if after == 0 {
			return kind, data, d.request(opDeleteProperty, 0, d.window, name)
		}
		if n%4 != 0 || n == 0 {
			return 0, nil, errProtocol
		}
	}
}

// deadline is when ctx ends; Picture sees to it that it does.
func deadline(ctx context.Context) time.Time {
	t, _ := ctx.Deadline()
	return t
}
