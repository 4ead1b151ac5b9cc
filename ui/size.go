package ui

import (
	"context"
	"encoding/json"

	"fyne.io/fyne/v2"

	"tacit/ui/theme"
)

// sizeKey names the window's size in the vault: how somebody likes to sit is about a
// person, so it is in no file of preferences.
const sizeKey = "ui.window"

// maxRemembered bounds a remembered side: a larger one is no screen.
const maxRemembered = 16384

type remembered struct {
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
}

func encodeSize(s fyne.Size) []byte {
	b, err := json.Marshal(remembered{s.Width, s.Height})
	if err != nil { // only what is no number cannot be encoded
		return nil
	}
	return b
}

// decodeSize returns a remembered size that can be one.
func decodeSize(b []byte) (fyne.Size, bool) {
	var r remembered
	if json.Unmarshal(b, &r) != nil {
		return fyne.Size{}, false
	}
	if r.Width < theme.WindowMinWidth || r.Height < theme.WindowMinHeight || r.Width > maxRemembered || r.Height > maxRemembered {
		return fyne.Size{}, false
	}
	return fyne.NewSize(r.Width, r.Height), true
}

// restoreSize gives the window the size it had, unless one was asked for.
func (s *session) restoreSize() {
	if !s.w.options.Size.IsZero() {
		return
	}
	s.cross.run(func(ctx context.Context) func() {
		b, err := s.m.Setting(ctx, sizeKey)
		return func() {
			if size, ok := decodeSize(b); err == nil && ok && size != s.w.win.Canvas().Size() {
				s.w.win.Resize(size)
			}
		}
	})
}
