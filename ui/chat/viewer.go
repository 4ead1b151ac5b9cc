package chat

import (
	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/widget"
)

// thumbPixels is the side of the picture of an attached file, for screens of two pixels a dp.
const thumbPixels = int(2 * barThumb)

// viewer shows the pictures of a conversation one at a time, over the whole window.
type viewer struct {
	v      *ConversationView
	shown  *widget.PictureViewer
	canvas fyne.Canvas
	id     app.MessageID
}

// showPicture opens the viewer with the picture of a message.
func (v *ConversationView) showPicture(id int64) {
	m, ok := v.c.Find(app.MessageID(id))
	if !ok || m.File == nil || v.viewer != nil {
		return
	}
	w := &viewer{v: v, shown: widget.NewPictureViewer(), canvas: canvasOf(v), id: m.ID}
	v.viewer = w
	before := w.canvas.Focused()
	w.shown.OnClose = func() {
		v.viewer = nil
		w.canvas.Overlays().Remove(w.shown)
		w.canvas.Focus(before)
	}
	if w.other(1) != 0 || w.other(-1) != 0 {
		w.shown.OnStep = w.step
	}
	w.shown.OnSave = func() {
		if m, ok := v.c.Find(w.id); ok {
			w.shown.OnClose()
			v.save(m)
		}
	}
	w.canvas.Overlays().Add(w.shown)
	w.shown.Resize(w.canvas.Size())
	w.canvas.Focus(w.shown)
	w.changed()
}

// changed shows the picture as soon as it is there, and closes when its message is gone.
func (w *viewer) changed() {
	m, ok := w.v.c.Find(w.id)
	if !ok || m.File == nil || w.v.c.Pictures().Failed(int64(w.id)) {
		w.shown.OnClose()
		return
	}
	size := w.canvas.Size()
	scale := w.canvas.Scale()
	w.shown.SetPicture(m.File.Name, w.v.c.Pictures().Get(int64(w.id), int(size.Width*scale), int(size.Height*scale)))
}

// step goes to the next picture among the loaded messages, or to the one before.
func (w *viewer) step(by int) {
	if id := w.other(by); id != 0 {
		w.id = id
		w.changed()
	}
}

// other is the message with the next picture, or the one before; 0 where there is none.
func (w *viewer) other(by int) app.MessageID {
	c := w.v.c
	for i := firstAt(c.line.msgs, w.id) + by; i >= 0 && i < c.Len(); i += by {
		if item := w.v.source.Item(i); item.File != nil && item.File.Picture {
			return c.Item(i).ID
		}
	}
	return 0
}
