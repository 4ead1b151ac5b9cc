package chat

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/widget"
)

// field is what has the keyboard in the composer.
func (w *composer) field() fyne.Focusable {
	if w.state != RecordOff {
		return w.record
	}
	return w.edit
}

// pressSend sends what stands in the composer, or begins to record where that is nothing.
func (w *composer) pressSend() {
	switch {
	case w.state != RecordOff:
		w.c.SendRecording()
	case w.send.Face() == widget.SendVoice:
		w.c.Record()
	case w.send.Face() == widget.SendSilent:
		w.explainSilence()
	default:
		w.submit()
	}
}

// faceSend shows what the button is for.
func (w *composer) faceSend(empty bool) {
	_, editing := w.c.Editing()
	switch {
	case w.state != RecordOff || !empty:
		w.send.SetFace(widget.SendText)
		w.send.Enable()
	case editing:
		w.send.SetFace(widget.SendText)
		w.send.Disable()
	case w.c.CanRecord() != nil:
		w.send.SetFace(widget.SendSilent)
		w.send.Enable()
	default:
		w.send.SetFace(widget.SendVoice)
		w.send.Enable()
	}
}

// explainSilence says why nothing can be recorded, and looks again.
func (w *composer) explainSilence() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w.send)
	widget.ShowPopover(canvasOf(w), at, lang.T("voice.off"), muteWord(w.c.CanRecord()))
	w.c.AskSound()
}

// recordingChanged puts the bar in place of the field, or the field back, and the keyboard
// with it.
func (w *composer) recordingChanged() {
	state, told := w.c.Recording()
	was := w.state
	w.state = state
	if was == RecordOff {
		w.record.Begin(w.c.RecordedLevels()...)
	}
	w.record.Set(told.Length, told.Level, state == RecordOn)
	if was == state {
		return
	}
	w.Refresh()
	if c := canvasOf(w); c != nil && (was == RecordOff) != (state == RecordOff) {
		c.Focus(w.field())
	}
}

// recordChanged follows a recording under way.
func (w *composer) recordChanged() {
	_, told := w.c.Recording()
	w.record.Set(told.Length, told.Level, true)
}
