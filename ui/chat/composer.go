package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/text"
)

const (
	composerRows = 6
	// maxTyped bounds what the composer holds. A text that is too long to send stays in it
	// to be shortened; beyond this it would only make each key slow.
	maxTyped = 4 * app.MaxTextBytes
)

// composer is where messages are written, or the sentence that says why not.
type composer struct {
	fynewidget.BaseWidget
	c *Conversation

	onHeight  func()       // Height has changed
	onPage    func(by int) // pages the thread
	onAttach  func()       // files are to be chosen
	onPicture func()       // a picture is to be pasted, if there is one
	onVerify  func()
	onUnblock func()

	bars    *bars
	attach  *widget.IconButton
	edit    *widget.Editor
	send    *widget.SendButton
	wrong   *widget.Label // why the text was not sent
	counter *widget.Label
	closed  *widget.Label // why nothing can be written
	button  *widget.Button
	sign    *widget.Emblem    // before the sentence
	record  *widget.RecordBar // in place of edit while somebody speaks
	state   RecordState       // as it was shown last
	focused bool
	block   Block
	height  float32
}

func newComposer(c *Conversation) *composer {
	w := &composer{
		c: c, onHeight: func() {}, onPage: func(int) {}, onVerify: func() {}, onUnblock: func() {},
		onAttach: func() {}, onPicture: func() {},
		bars:    newBars(c),
		edit:    widget.NewEditor(composerRows),
		wrong:   widget.NewLabel("", &theme.Caption, widget.InkDanger),
		counter: widget.NewLabel("", &theme.Caption, widget.InkThird),
		closed:  widget.NewLabel("", &theme.Small, widget.InkSecond),
	}
	w.wrong.SetAlign(text.AlignStart)
	w.counter.SetAlign(text.AlignStart)
	w.closed.SetAlign(text.AlignStart)
	w.sign = widget.NewEmblem(theme.IconFailed, theme.IconState, widget.InkDanger)
	w.attach = widget.NewIconButton(theme.IconAttach, lang.T("word.attach"), func() { w.onAttach() })
	w.send = widget.NewSendButton(w.pressSend)
	w.record = widget.NewRecordBar()
	w.record.OnCancel, w.record.OnSend = c.DiscardRecording, c.SendRecording
	w.button = widget.NewButton(widget.ButtonSecondary, "", w.press)
	w.edit.SetMaxBytes(maxTyped)
	w.edit.SetText(c.Draft())
	w.edit.OnChanged = func(s string) {
		c.Edited(s)
		w.typed()
	}
	w.edit.OnSubmit = func(string) { w.submit() }
	w.edit.OnTooLong = func() { c.fail(app.ErrTextTooLong) }
	w.edit.OnHeight = func(float32) { w.resized() }
	w.edit.OnFocus = func(on bool) {
		w.focused = on
		w.Refresh()
	}
	w.edit.OnKey = w.key
	w.edit.OnPasteOther = func() { w.onPicture() }
	w.edit.OnMenu = w.menu
	w.ExtendBaseWidget(w)
	w.changed()
	w.typed()
	return w
}

// restore puts another text in place of what stands there.
func (w *composer) restore(s string) {
	w.edit.SetText(s)
	w.typed()
}

func (w *composer) submit() {
	if w.c.Send(w.edit.Text()) {
		w.edit.SetText("")
	}
	w.typed()
}

// key takes what belongs to the thread or to the window.
func (w *composer) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyUp:
		return w.edit.Text() == "" && w.c.EditLast()
	case fyne.KeyPageUp:
		w.onPage(-1)
	case fyne.KeyPageDown:
		w.onPage(1)
	case fyne.KeyEscape:
		if !w.c.Cancel() {
			widget.PassKey(w.edit, e)
		}
	default:
		return false
	}
	return true
}

func (w *composer) menu(at fyne.Position) {
	none := w.edit.SelectedText() == ""
	widget.ShowMenu(canvasOf(w), at,
		widget.MenuItem{Label: lang.T("menu.cut"), Disabled: none, Action: w.edit.Cut},
		widget.MenuItem{Label: lang.T("menu.copy"), Icon: theme.IconCopy, Disabled: none, Action: w.edit.Copy},
		widget.MenuItem{Label: lang.T("menu.paste"), Action: w.edit.Paste},
		widget.MenuItem{Label: lang.T("menu.select_all"), Disabled: w.edit.Text() == "", Action: w.edit.SelectAll},
	)
}

// press does what the button beside the sentence says.
func (w *composer) press() {
	if w.block == BlockBlocked {
		w.onUnblock()
		return
	}
	w.onVerify()
}

// typed follows the text.
func (w *composer) typed() {
	s := w.edit.Text()
	w.faceSend(trimmed(s) == "" && len(w.c.Attached()) == 0)
	n, most, near := Left(s)
	count := ""
	if near && w.c.Err() == nil {
		count = lang.T("chat.counter", "n", n, "max", most)
		w.counter.SetColor(counterInk(n, most))
	}
	w.counter.SetText(count)
	w.resized()
}

// counterInk is quiet until the text is too long.
func counterInk(n, most int) widget.Ink {
	if n > most {
		return widget.InkDanger
	}
	return widget.InkThird
}

// changed follows the model.
func (w *composer) changed() {
	name := shown(w.c.Contact().Name)
	w.edit.SetPlaceholder(lang.T("chat.composer", "name", name))
	wrong := ""
	if err := w.c.Err(); err != nil {
		wrong = errorWord(err, w.edit.Text())
		w.counter.SetText("")
	}
	w.wrong.SetText(wrong)
	w.block = w.c.Block()
	sentence, button := "", ""
	switch w.block {
	case BlockBlocked:
		sentence, button = lang.T("chat.blocked", "name", name), lang.T("chat.unblock")
	case BlockUnverified:
		sentence, button = lang.T("chat.unverified"), lang.T("chat.finish")
	case BlockTheirCheck:
		sentence = lang.T("chat.not_writable", "name", name)
	}
	w.closed.SetText(sentence)
	w.button.SetLabel(button)
	w.bars.changed()
	w.recordingChanged()
	w.typed()
	w.Refresh()
}

// resized tells when the height that is asked for is another.
func (w *composer) resized() {
	if h := w.Height(w.Size().Width); h != w.height && w.Size().Width > 0 {
		w.height = h
		w.onHeight()
	}
}

const (
	composerPad   = (44 - 22) / 2 // above and below the text
	composerBelow = theme.Space16
	wrongIndent   = theme.IconState + theme.Space4
)

// fieldHeight is that of the box around the text: 44 to 154.
func (w *composer) fieldHeight(width float32) float32 {
	_, col := column(width)
	if w.state != RecordOff {
		return theme.FieldHeight()
	}
	return w.edit.HeightFor(w.editWidth(col)) + 2*composerPad
}

// editStart is where the text begins: after the button that attaches files.
const editStart = theme.Space4 + theme.IconButtonSize + theme.Space4

func (w *composer) editWidth(col float32) float32 {
	return w.plateWidth(col) - editStart - theme.Space16
}

func (w *composer) plateWidth(col float32) float32 {
	return col - theme.SendButtonSize - theme.Space12
}

// barsHeight is the room for the strips over the field.
func (w *composer) barsHeight(col float32) float32 {
	if h := w.bars.height(w.plateWidth(col)); h > 0 {
		return h + theme.Space8
	}
	return 0
}

// Height returns the height that the composer needs at a width.
func (w *composer) Height(width float32) float32 {
	_, col := column(width)
	if w.block != BlockNone {
		return max(w.closed.HeightFor(w.sentenceWidth(col)), theme.ButtonHeight()) + 2*composerBelow
	}
	h := w.barsHeight(col) + w.fieldHeight(width) + composerBelow
	if w.wrong.Text() != "" {
		h += w.wrong.HeightFor(col-wrongIndent) + theme.Space4
	}
	return h
}

func (w *composer) sentenceWidth(col float32) float32 {
	if w.button.Label() == "" {
		return col
	}
	return col - w.button.MinSize().Width - theme.Space16
}

// CreateRenderer implements fyne.Widget.
func (w *composer) CreateRenderer() fyne.WidgetRenderer {
	plate, line := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	plate.CornerRadius = theme.RadiusBox
	update := func() {
		p := theme.Current()
		plate.FillColor, plate.StrokeColor, plate.StrokeWidth = p.Surface, p.Field, theme.FieldEdge
		switch {
		case w.c.Err() != nil:
			plate.StrokeColor, plate.StrokeWidth = p.Danger, theme.FocusEdge
		case w.focused:
			plate.StrokeColor, plate.StrokeWidth = p.Accent, theme.FocusEdge
		}
		plate.Refresh()
		line.FillColor = p.Hairline
		open := w.block == BlockNone
		show(plate, open)
		speaking := w.state != RecordOff
		show(w.edit, open && !speaking)
		show(w.attach, open && !speaking)
		show(w.record, open && speaking)
		_, editing := w.c.Editing()
		if editing {
			w.attach.Disable()
		} else {
			w.attach.Enable()
		}
		show(w.bars.object(), open)
		show(w.send, open)
		show(w.wrong, open && w.wrong.Text() != "")
		show(w.sign, open && w.wrong.Text() != "")
		show(w.counter, open && w.wrong.Text() == "")
		show(line, !open)
		show(w.closed, !open)
		show(w.button, !open && w.button.Label() != "")
	}
	place := func(s fyne.Size) {
		if w.block != BlockNone {
			w.placeClosed(s, line)
			return
		}
		w.placeOpen(s, plate)
	}
	return newPane(w, update, place, plate, w.bars.object(), w.attach, w.edit, w.record, w.send, w.sign, w.wrong, w.counter, line, w.closed, w.button)
}

func (w *composer) placeOpen(s fyne.Size, plate *canvas.Rectangle) {
	x, col := column(s.Width)
	const send = theme.SendButtonSize
	top, wide := w.barsHeight(col), w.plateWidth(col)
	put(w.bars.object(), x, 0, wide, max(0, top-theme.Space8), s.Width)
	h := w.fieldHeight(s.Width)
	put(plate, x, top, wide, h, s.Width)
	const button = theme.IconButtonSize
	lastLine := top + h - theme.FieldHeight()/2 // both buttons stand in the middle of it, at any size of the text
	put(w.attach, x+theme.Space4, lastLine-button/2, button, button, s.Width)
	put(w.edit, x+editStart, top+composerPad, w.editWidth(col), h-2*composerPad, s.Width)
	put(w.record, x, top, wide, h, s.Width)
	put(w.send, x+col-send, lastLine-send/2, send, send, s.Width)
	put(w.counter, x, top+h, col, theme.Caption.LineHeight, s.Width)
	lift := (theme.Caption.LineHeight - theme.IconState) / 2
	put(w.sign, x, top+h+theme.Space4+lift, theme.IconState, theme.IconState, s.Width)
	put(w.wrong, x+wrongIndent, top+h+theme.Space4, col-wrongIndent, w.wrong.HeightFor(col-wrongIndent), s.Width)
}

func (w *composer) placeClosed(s fyne.Size, line *canvas.Rectangle) {
	x, col := column(s.Width)
	put(line, 0, 0, s.Width, theme.Hair, s.Width)
	sentence := w.sentenceWidth(col)
	h := w.closed.HeightFor(sentence)
	put(w.closed, x, (s.Height-h)/2, sentence, h, s.Width)
	m := w.button.MinSize()
	put(w.button, x+col-m.Width, (s.Height-m.Height)/2, m.Width, m.Height, s.Width)
}
