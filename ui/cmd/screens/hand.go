package main

import (
	"bytes"
	"fmt"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/cmd/internal/xvfb"
	"tacit/ui/widget"
)

const (
	patience = 12 * time.Second       // for what should appear
	glance   = 60 * time.Millisecond  // before a look
	rest     = 120 * time.Millisecond // how long a picture stays as it is before it is taken
)

// hand does what a person does at the window, from a goroutine that is not Fyne's. It
// finds things by their words.
type hand struct {
	app    fyne.App
	win    fyne.Window
	screen *xvfb.Screen
}

// on runs f on Fyne's thread and waits for it.
func (h *hand) on(f func()) { fyne.DoAndWait(f) }

// until looks on Fyne's thread until ok. Before each look the window has the time to draw
// what came by what was done last: the toolkit does not know of it earlier.
func (h *hand) until(what string, ok func() bool) error {
	for end := time.Now().Add(patience); ; {
		time.Sleep(glance)
		found := false
		h.on(func() { found = ok() })
		if found {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("waited in vain for %s", what)
		}
	}
}

// layers are what can be seen, the topmost first. On Fyne's thread.
func (h *hand) layers() []fyne.CanvasObject {
	c := h.win.Canvas()
	var all []fyne.CanvasObject
	if o := c.Overlays().List(); len(o) > 0 {
		for i := len(o) - 1; i >= 0; i-- {
			all = append(all, o[i])
		}
	}
	return append(all, c.Content())
}

// each calls f for what is visible in o, what is inside before what is around it, until
// f returns true.
func each(o fyne.CanvasObject, f func(fyne.CanvasObject) bool) bool {
	if o == nil || !o.Visible() {
		return false
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, i := range inside {
		if each(i, f) {
			return true
		}
	}
	return f(o)
}

// says returns the words on an object.
func says(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case interface{ Label() string }:
		return o.Label()
	case interface{ Word() string }:
		return o.Word()
	case *widget.Label:
		return o.Text()
	}
	return ""
}

// find returns what is visible, topmost first, and satisfies f; nil if nothing does. On
// Fyne's thread.
func (h *hand) find(f func(fyne.CanvasObject) bool) (found fyne.CanvasObject) {
	for _, layer := range h.layers() {
		if each(layer, func(o fyne.CanvasObject) bool {
			if f(o) {
				found = o
			}
			return found != nil
		}) {
			return found
		}
	}
	return nil
}

// sees reports whether words can be seen now.
func (h *hand) sees(words string) (found bool) {
	h.on(func() { found = h.find(func(o fyne.CanvasObject) bool { return says(o) == words }) != nil })
	return found
}

// see waits until words can be seen.
func (h *hand) see(words string) error {
	return h.until(fmt.Sprintf("%q", words), func() bool {
		return h.find(func(o fyne.CanvasObject) bool { return says(o) == words }) != nil
	})
}

// tap presses what carries the words.
func (h *hand) tap(words string) error { return h.tapNth(words, 0) }

// tapNth presses the nth of several things with the same words, counted from 0.
func (h *hand) tapNth(words string, n int) error {
	return h.press(fmt.Sprintf("%q to press", words), n, func(o fyne.CanvasObject) bool { return says(o) == words })
}

// press taps the nth thing that satisfies f.
func (h *hand) press(what string, n int, f func(fyne.CanvasObject) bool) error {
	return h.until(what, func() bool {
		left := n
		o := h.find(func(o fyne.CanvasObject) bool {
			_, can := o.(fyne.Tappable)
			if d, ok := o.(fyne.Disableable); !can || !f(o) || ok && d.Disabled() {
				return false
			}
			left--
			return left < 0
		})
		if o == nil {
			return false
		}
		at := h.middle(o)
		if m, ok := o.(desktop.Mouseable); ok {
			m.MouseDown(&desktop.MouseEvent{PointEvent: at, Button: desktop.MouseButtonPrimary})
			m.MouseUp(&desktop.MouseEvent{PointEvent: at, Button: desktop.MouseButtonPrimary})
		}
		o.(fyne.Tappable).Tapped(&at)
		return true
	})
}

// middle is a point event in the middle of an object.
func (h *hand) middle(o fyne.CanvasObject) fyne.PointEvent {
	p := fyne.NewPos(o.Size().Width/2, o.Size().Height/2)
	return fyne.PointEvent{Position: p, AbsolutePosition: h.app.Driver().AbsolutePositionForObject(o).Add(p)}
}

// menuOf opens the menu of what carries the words, by the secondary button.
func (h *hand) menuOf(words string) error {
	return h.until("a menu of "+words, func() bool {
		o := h.find(func(o fyne.CanvasObject) bool {
			_, can := o.(fyne.SecondaryTappable)
			return can && says(o) == words
		})
		if o == nil {
			return false
		}
		at := h.middle(o)
		o.(fyne.SecondaryTappable).TappedSecondary(&at)
		return true
	})
}

// write types a text where the keyboard is.
func (h *hand) write(text string) error {
	return h.until("a field to write in", func() bool {
		f := h.win.Canvas().Focused()
		if f == nil {
			return false
		}
		for _, r := range text {
			f.TypedRune(r)
		}
		return true
	})
}

// keys presses keys one after another.
func (h *hand) keys(names ...fyne.KeyName) error {
	h.on(func() {
		for _, n := range names {
			e := &fyne.KeyEvent{Name: n}
			if f := h.win.Canvas().Focused(); f != nil {
				f.TypedKey(e)
			} else if typed := h.win.Canvas().OnTypedKey(); typed != nil {
				typed(e)
			}
		}
	})
	return nil
}

// shortcut presses keys together.
func (h *hand) shortcut(m fyne.KeyModifier, key fyne.KeyName) error {
	h.on(func() { h.chord(m, key) })
	return nil
}

// chord presses keys together. On Fyne's thread.
func (h *hand) chord(m fyne.KeyModifier, key fyne.KeyName) {
	s := &desktop.CustomShortcut{KeyName: key, Modifier: m}
	if f, ok := h.win.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(s)
	} else if c, ok := h.win.Canvas().(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// message gives the keyboard to the messages, and goes to the one so many before the last.
func (h *hand) message(before int) error {
	err := h.until("the messages", func() bool {
		o := h.find(func(o fyne.CanvasObject) bool {
			_, ok := o.(*widget.Thread)
			return ok
		})
		if o != nil {
			h.win.Canvas().Focus(o.(*widget.Thread))
		}
		return o != nil
	})
	if err != nil {
		return err
	}
	_ = h.keys(fyne.KeyEnd)
	for range before {
		_ = h.keys(fyne.KeyUp)
	}
	return nil
}

// enter gives the keyboard to the field of that label.
func (h *hand) enter(label string) error {
	return h.until("the field "+label, func() bool {
		o := h.find(func(o fyne.CanvasObject) bool {
			_, ok := o.(*widget.Field)
			return ok && each(o, func(o fyne.CanvasObject) bool { return says(o) == label })
		})
		if o != nil {
			h.win.Canvas().Focus(o.(*widget.Field).Focusable())
		}
		return o != nil
	})
}

// paste puts a text in the place of all that stands where the keyboard is.
func (h *hand) paste(text string) error {
	return h.until("a field to paste into", func() bool {
		f, ok := h.win.Canvas().Focused().(fyne.Shortcutable)
		if ok {
			clip := h.app.Clipboard()
			clip.SetContent(text)
			f.TypedShortcut(&fyne.ShortcutSelectAll{})
			f.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
		}
		return ok
	})
}

// scrollEnd shows the end of the widest page in which the words stand; "": in any.
func (h *hand) scrollEnd(words string) error {
	return h.until("a page with "+words, func() bool {
		var widest *widget.ScrollBox
		for _, layer := range h.layers() {
			each(layer, func(o fyne.CanvasObject) bool {
				b, ok := o.(*widget.ScrollBox)
				if ok && (widest == nil || b.Size().Width > widest.Size().Width) &&
					(words == "" || each(b, func(o fyne.CanvasObject) bool { return says(o) == words })) {
					widest = b
				}
				return false
			})
		}
		if widest != nil {
			widest.ScrollTo(widest.HeightFor(widest.Size().Width))
		}
		return widest != nil
	})
}

// picture waits until the window has shown the same for a while, and returns that.
func (h *hand) picture() (*image.RGBA, error) {
	var last []byte
	var since time.Time
	for end := time.Now().Add(patience); ; time.Sleep(glance) {
		var size fyne.Size
		h.on(func() { size = h.win.Canvas().Size() })
		img, err := h.screen.Picture(image.Rect(0, 0, int(size.Width), int(size.Height)))
		if err != nil {
			return nil, err
		}
		now := time.Now()
		if !bytes.Equal(img.Pix, last) {
			last, since = img.Pix, now
		}
		// Something may move by its nature: a ring, a countdown.
		if now.Sub(since) >= rest || now.After(end) {
			return img, nil
		}
	}
}
