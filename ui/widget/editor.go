package widget

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynewidget "fyne.io/fyne/v2/widget"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

// An Editor is a field of several lines for what people write, in any script:
// each paragraph stands at the side its first letter asks for. It has no frame.
// It grows with its text up to a number of lines and then scrolls inside.
type Editor struct {
	editable
	maxRows int
}

// NewEditor returns an editor that shows from one to maxRows lines.
func NewEditor(maxRows int) *Editor {
	e := &Editor{maxRows: max(1, maxRows)}
	e.editable.init(e, func() int { return e.maxRows })
	return e
}

// NewLine returns an editor of one line that never breaks: longer text moves inside it.
// What is pasted with line breaks has spaces for them.
func NewLine() *Editor {
	e := &Editor{maxRows: 1}
	e.oneLine = true
	e.editable.init(e, func() int { return 1 })
	return e
}

// Scrolled moves the text when it has more lines than the editor shows.
func (e *Editor) Scrolled(ev *fyne.ScrollEvent) { e.scrollBy(-ev.Scrolled.DY) }

// A lineEditor is the editor of one line inside a Field. It does not take the
// mouse wheel, which belongs to the page that the field is on.
type lineEditor struct{ editable }

func newLineEditor() *lineEditor {
	e := &lineEditor{}
	e.oneLine = true
	e.editable.init(e, func() int { return 1 })
	return e
}

// An editable is what both editors are. Its state belongs to Fyne's thread.
type editable struct {
	fynewidget.BaseWidget
	editText

	// OnChanged is called after each change that the person made.
	OnChanged func(string)
	// OnSubmit, if set, is called at Enter; Shift+Enter then breaks the line.
	// Without it Enter breaks the line.
	OnSubmit func(string)
	// OnHeight is called when the height that the text asks for has changed.
	OnHeight func(float32)
	// OnTooLong is called when not all of what was typed or pasted fits.
	OnTooLong func()
	// OnPasteOther, if set, is called when something that is no text is to be pasted.
	OnPasteOther func()
	// OnFocus is called when the keyboard comes and goes.
	OnFocus func(bool)
	// OnKey sees each key first and reports whether it dealt with it.
	OnKey func(*fyne.KeyEvent) bool
	// OnMenu is called at a click with the secondary button, with its place in
	// the window. Without it a menu opens that cuts, copies and pastes.
	OnMenu func(fyne.Position)

	self        fyne.Widget
	rows        func() int // most lines shown
	style       *theme.TextStyle
	placeholder string
	disabled    bool

	block  *text.Block
	made   editMade
	side   text.Side
	goal   float32 // x that Up and Down keep to
	going  bool
	height float32 // last told to OnHeight

	scrollX, scrollY float32
	view             *blockView
	caretBar         *canvas.Rectangle
	focused, shift   bool
	blink            blinker
	clicks           clickCounter
}

// editMade is everything that an editor's block depends on.
type editMade struct {
	text  string
	style theme.TextStyle
	width float32
	rtl   bool
}

func (e *editable) init(self fyne.Widget, rows func() int) {
	e.self, e.rows, e.style = self, rows, &theme.Body
	e.view, e.caretBar = newBlockView(), box(0)
	e.clicks.now = time.Now
	e.blink = blinker{show: func(on bool) { show(e.caretBar, on) }}
	e.ExtendBaseWidget(self)
	e.height = e.wanted()
}

// Text returns what was written.
func (e *editable) Text() string { return string(e.runes) }

// SetText takes another text, puts the caret at its end and forgets what could
// be undone. OnChanged is not called.
func (e *editable) SetText(s string) {
	e.reset(s)
	e.side = text.SideBefore
	e.changed(false)
}

// Insert writes s at the caret, in the place of the selection.
func (e *editable) Insert(s string) { e.write(s) }

// SetPlaceholder sets the words shown while nothing is written.
func (e *editable) SetPlaceholder(s string) {
	e.placeholder = s
	e.Refresh()
}

// SetStyle sets the text in another style of package theme; it is theme.Body.
func (e *editable) SetStyle(style *theme.TextStyle) {
	e.style = style
	e.changed(false)
}

// SetMaxBytes and SetMaxGraphemes bound what can be written; 0 is no limit.
func (e *editable) SetMaxBytes(n int) { e.maxBytes = n }

// SetMaxGraphemes is described at SetMaxBytes.
func (e *editable) SetMaxGraphemes(n int) { e.maxGraphemes = n }

// SelectAll selects the whole text.
func (e *editable) SelectAll() {
	e.selectSpan(0, len(e.runes))
	e.moved()
}

// SelectedText returns what is selected.
func (e *editable) SelectedText() string { return e.selected() }

// Focused reports whether the editor has the keyboard.
func (e *editable) Focused() bool { return e.focused }

// Disabled reports whether nothing can be written.
func (e *editable) Disabled() bool { return e.disabled }

// Enable lets text be written.
func (e *editable) Enable() { e.setDisabled(false) }

// Disable lets text be selected and copied only.
func (e *editable) Disable() { e.setDisabled(true) }

func (e *editable) setDisabled(on bool) {
	e.disabled = on
	e.Refresh()
}

// Cursor shows that text can be written or selected.
func (e *editable) Cursor() desktop.Cursor { return desktop.TextCursor }

// layout returns the block of the text, or of the placeholder, at the present
// width. One line is laid out without a limit, with its white space.
func (e *editable) layout() *text.Block {
	m := editMade{string(e.runes), *e.style, e.Size().Width, theme.RTL()}
	if m.text == "" {
		m.text = e.placeholder
	}
	if e.block != nil && e.made == m {
		return e.block
	}
	e.made = m
	o := text.Options{Width: m.width, Fill: true, RTL: m.rtl}
	if e.oneLine {
		o = text.Options{KeepSpaces: true, RTL: m.rtl}
	}
	if len(e.runes) == 0 {
		o.MaxLines = 1
	}
	e.block = text.Layout(m.text, m.style, o)
	return e.block
}

// wanted is the height for the text, within the lines allowed.
func (e *editable) wanted() float32 {
	n := max(1, min(len(e.layout().Lines), e.rows()))
	return float32(n) * e.style.LineHeight
}

// HeightFor returns the height that the text asks for at a width.
func (e *editable) HeightFor(width float32) float32 {
	if width == e.Size().Width || e.oneLine {
		return e.wanted()
	}
	b := text.Layout(string(e.runes), *e.style, text.Options{Width: width, Fill: true, MaxLines: e.rows()})
	return float32(len(b.Lines)) * e.style.LineHeight
}

// MinSize is the height that the text asks for, and room for a few letters.
func (e *editable) MinSize() fyne.Size {
	return fyne.NewSize(2*e.style.LineHeight, e.wanted())
}

// changed follows a change of the text.
func (e *editable) changed(byPerson bool) {
	e.going = false
	e.reveal()
	e.blink.restart(e.focused)
	e.Refresh()
	if h := e.wanted(); h != e.height {
		e.height = h
		if e.OnHeight != nil {
			e.OnHeight(h)
		}
	}
	if byPerson && e.OnChanged != nil {
		e.OnChanged(e.Text())
	}
}

// moved follows a move of the caret.
func (e *editable) moved() {
	e.reveal()
	e.blink.restart(e.focused)
	e.Refresh()
}

// caretPlace returns where the caret stands in the block.
func (e *editable) caretPlace() (x, y float32) {
	b := e.layout()
	if len(e.runes) == 0 {
		if b.Lines[0].RTL {
			return b.Lines[0].X + b.Lines[0].Width, 0
		}
		return b.Lines[0].X, 0
	}
	return b.CaretBeside(e.caret, e.side)
}

// offset is where the block's left end is in the editor, before scrolling: one
// line of right-to-left text that is shorter than the editor stands at its
// right end.
func (e *editable) offset() float32 {
	b := e.layout()
	if free := e.Size().Width - b.Width; e.oneLine && free > 0 && b.Lines[0].RTL {
		return free
	}
	return 0
}

// reveal scrolls so that the caret is in view, and that no room is left empty
// that text could fill.
func (e *editable) reveal() {
	s := e.Size()
	x, y := e.caretPlace()
	e.scrollY = min(e.scrollY, y)
	e.scrollY = max(e.scrollY, y+e.style.LineHeight-s.Height)
	e.scrollX = min(e.scrollX, x)
	e.scrollX = max(e.scrollX, x-s.Width)
	e.bound()
}

func (e *editable) bound() {
	b, s := e.layout(), e.Size()
	e.scrollY = max(0, min(e.scrollY, b.Height-s.Height))
	e.scrollX = max(0, min(e.scrollX, b.Width-s.Width))
	if !e.oneLine || len(e.runes) == 0 {
		e.scrollX = 0
	}
	px := deviceScale(e.view.Raster)
	e.scrollY = snap(e.scrollY, px)
}

func (e *editable) scrollBy(dy float32) {
	e.scrollY += dy
	e.bound()
	e.Refresh()
}

// rowsShown is how many whole lines the editor shows.
func (e *editable) rowsShown() int {
	return max(1, int(math.Floor(float64(e.Size().Height/e.style.LineHeight))))
}
