package pairing

import (
	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

const (
	cardWidth = theme.CardMin - 2*theme.CardPadding

	// nameLength is where a name inside a sentence is cut, in graphemes.
	nameLength = 40
)

// Actions are what the card asks of the window.
type Actions struct {
	Sentence   func(error) string             // puts errors into words
	Clipboard  func() string                  // what is to be pasted
	ChooseFile func(chosen func(path string)) // asks for a picture
	Chat       func(contact app.ContactID)    // opens the conversation
	Close      func()                         // the card is done with
	Focus      func(fyne.Focusable)           // gives the keyboard away
}

// View shows an Add as a card.
type View struct {
	Content  fyne.CanvasObject
	OnResize func() // the content has another height

	a      *Add
	act    Actions
	column *layout.Column
	title  *widget.Label
	tabs   *widget.Tabs
	mine   *mine
	panels []panel
	shown  panel
}

// panel is what stands under the title at one or more steps.
type panel interface {
	object() *layout.Column
	shows(Step) bool
	update()
	first() fyne.Focusable // what gets the keyboard when the panel appears; may be nil
}

// NewView returns the card of a. It takes over a.OnChange.
func NewView(a *Add, act Actions) *View {
	v := &View{OnResize: func() {}, a: a, act: act}
	v.title = widget.NewLabel("", &theme.Title, widget.InkMain)
	v.title.SetAlign(text.AlignStart)
	// One word for each step up to lastTab.
	v.tabs = widget.NewTabs(func(i int) { a.Show(Step(i)) }, lang.T("pairing.tab_mine"), lang.T("pairing.tab_theirs"), lang.T("nearby.tab"))
	closer := widget.NewIconButton(theme.IconClose, lang.T("word.close"), act.Close)
	v.mine = newMine(a, act)
	v.panels = []panel{v.mine, newTheirs(a, act), newAround(a, act), newLooking(a, act), newCodes(a, act), newOutcome(a, act)}
	v.column = layout.NewColumn(cardWidth).
		Add(0, layout.NewRow().AddGrow(0, v.title).Add(theme.Space8, closer).Outset(theme.Space4)).
		Add(theme.Space12, v.tabs)
	for _, p := range v.panels {
		p.object().Hide()
		v.column.Add(theme.Space16, p.object())
	}
	v.Content = widget.NewScrollBox(v.column)
	v.shown = v.panels[0]
	a.OnChange = v.Update
	v.Update()
	return v
}

// Update brings what is seen in line with the model.
func (v *View) Update() {
	step := v.a.Step
	titles := map[Step]string{
		StepCodes: lang.T("codes.title"), StepChecked: lang.T("codes.title"),
		StepMismatch: lang.T("mismatch.title"),
	}
	title, ok := titles[step]
	if !ok {
		title = lang.T("pairing.title")
	}
	v.title.SetText(title)
	visible(v.tabs, step <= lastTab)
	if step <= lastTab {
		v.tabs.Choose(int(step))
	}
	before := v.shown
	for _, p := range v.panels {
		on := p.shows(step)
		if on || p.object().Visible() { // one that leaves stops what turns on it
			p.update()
		}
		if on {
			v.shown = p
		}
		visible(p.object(), on)
	}
	v.column.Refresh()
	v.OnResize()
	if v.shown != before {
		v.Focus()
	}
}

// Focus gives the keyboard to what is first on the card, once the card is in a window.
func (v *View) Focus() {
	if f := v.shown.first(); f != nil {
		v.act.Focus(f)
	}
}

// Say tells under my card how something went, such as that a link was copied.
func (v *View) Say(sentence string, well bool) {
	v.mine.said.SetText(sentence)
	v.mine.said.SetColor(widget.InkSuccess)
	if !well {
		v.mine.said.SetColor(widget.InkDanger)
	}
	visible(v.mine.said, sentence != "")
	v.Update()
}

// who is the peer's name as it stands in a sentence.
func who(a *Add) string { return text.Shorten(a.Pairing.PeerName, nameLength) }

func visible(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
