// Scroll is a window with a chat of 100,000 messages and a composer that scrolls and types
// by itself. It prints what the handlers of a step cost, and how long the frame after it
// takes beside one in which nothing has changed: name, value, unit.
package main

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"tacit/ui/theme"
	"tacit/ui/widget"
)

const (
	messages = 100_000
	steps    = 300
	wheel    = 75 // pixels a step, as one notch
	handlers = 2000
)

func main() {
	a := app.New()
	theme.Apply(a)
	chat := &source{all: talk(messages)}
	s := &stage{thread: widget.NewThread(chat), editor: widget.NewEditor(6), still: canvas.NewRectangle(color.Transparent)}
	s.window = a.NewWindow("Scroll")
	s.window.SetContent(container.NewBorder(nil, container.NewVBox(s.still, s.editor), nil, nil, container.NewClip(s.thread)))
	s.window.Resize(fyne.NewSize(776, 700))
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			s.play()
			fyne.Do(a.Quit)
		}()
	})
	s.window.ShowAndRun()
}

// stage is the window and what is in it.
type stage struct {
	window fyne.Window
	thread *widget.Thread
	editor *widget.Editor
	still  *canvas.Rectangle // never changes
}

// play measures everything, from a goroutine of its own.
func (s *stage) play() {
	for range 20 { // the first frames fill caches
		s.frame(func() { s.scroll(0) })
	}
	var frames, unchanged []time.Duration
	for i := range steps { // by turns, so that whatever else the machine does falls on both
		frames = append(frames, s.frame(func() { s.scroll(i) }))
		unchanged = append(unchanged, s.frame(func() { s.window.Canvas().Refresh(s.still) }))
	}
	quantiles("scroll_100000_frame", frames)
	quantiles("scroll_100000_frame_unchanged", unchanged)
	print("scroll_100000_frame_ratio_p50", float64(at(frames, 50))/float64(at(unchanged, 50)), "ratio")
	print("scroll_100000_frame_ratio_p99", float64(at(frames, 99))/float64(at(unchanged, 99)), "ratio")

	var scrolls, keys []time.Duration
	fyne.DoAndWait(func() {
		for i := range handlers {
			scrolls = append(scrolls, timed(func() { s.scroll(i) }))
		}
	})
	quantiles("scroll_100000_handler", scrolls)
	fyne.DoAndWait(func() {
		s.editor.SetText("مرحباً أحمد، أرسلت لك report-v2.pdf (النسخة الأخيرة) الساعة 10:30. Tell me when you have it!")
		for i := range handlers {
			keys = append(keys, timed(func() {
				if i%2 == 0 {
					s.editor.TypedRune('x')
				} else {
					s.editor.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
				}
			}))
		}
	})
	quantiles("keystroke_handler", keys)
}

// scroll turns the wheel by a notch: up for most of the time, and down again.
func (s *stage) scroll(i int) {
	by := float32(wheel)
	if i%100 >= 80 {
		by = -3 * wheel
	}
	s.thread.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, by)})
}

// frame does something and returns how long the toolkit then draws. Its thread serves
// calls as they come and draws between them, at its own pace: the longest time in which it
// served none is that of the frame.
func (s *stage) frame(do func()) time.Duration {
	const pace = 50 * time.Millisecond // more than the toolkit waits before it draws
	fyne.DoAndWait(do)
	longest := time.Duration(0)
	last := time.Now()
	for began := last; time.Since(began) < pace || longest < time.Millisecond; {
		fyne.DoAndWait(func() {})
		now := time.Now()
		longest, last = max(longest, now.Sub(last)), now
	}
	return longest
}

func timed(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}

func at(ds []time.Duration, quantile int) time.Duration {
	ds = slices.Sorted(slices.Values(ds))
	return ds[min(len(ds)*quantile/100, len(ds)-1)]
}

func quantiles(name string, ds []time.Duration) {
	for _, q := range []int{50, 99} {
		print(fmt.Sprintf("%s_p%d", name, q), float64(at(ds, q))/float64(time.Millisecond), "ms")
	}
}

func print(name string, value float64, unit string) {
	fmt.Fprintf(os.Stdout, "%s %g %s\n", name, value, unit)
}

// source is a chat of which all is loaded.
type source struct{ all []widget.ThreadItem }

func (s *source) Len() int                            { return len(s.all) }
func (s *source) Item(i int) widget.ThreadItem        { return s.all[i] }
func (s *source) Outside() (before, after int)        { return 0, 0 }
func (s *source) Older()                              {}
func (s *source) Newer()                              {}
func (s *source) Seek(float64)                        {}
func (s *source) Picture(int64, int, int) image.Image { return nil }
func (s *source) Unload(int64)                        {}

// words of the chat, in several scripts.
var words = []string{
	"la", "the", "demain", "we", "should", "نعم", "please", "matin", "dossier", "contract", "غداً", "confirm", "réunion",
	"after", "minister", "الملف", "has", "spoken", "merci", "draft", "page", "sources", "verified", "جاهز", "train",
}

// talk returns n messages of two people, most of them short.
func talk(n int) []widget.ThreadItem {
	r := rand.New(rand.NewPCG(7, 8))
	when := time.Date(2026, 1, 5, 9, 0, 0, 0, time.Local)
	all := make([]widget.ThreadItem, n)
	for i := range all {
		text := make([]string, 1+r.IntN(14))
		if r.IntN(12) == 0 {
			text = make([]string, 40+r.IntN(60))
		}
		for k := range text {
			text[k] = words[r.IntN(len(words))]
		}
		when = when.Add(time.Duration(r.IntN(12)) * time.Minute)
		m := widget.ThreadItem{ID: int64(i + 1), Own: r.IntN(2) == 0, Text: strings.Join(text, " "), At: when}
		if m.Own {
			m.State = widget.ThreadDelivered
		}
		all[i] = m
	}
	return all
}
