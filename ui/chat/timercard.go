package chat

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// timerHint says what the timer of a chat is.
func timerHint(d time.Duration) string {
	if d == 0 {
		return lang.T("timer.title")
	}
	return lang.T("timer.hint", "time", timerWord(d))
}

// timerMenu offers how long messages stay.
func (v *ConversationView) timerMenu() {
	now := v.c.Chat().Timer
	var items []widget.MenuItem
	for _, d := range timerChoices {
		items = append(items, widget.MenuItem{Label: timerWord(d), Checked: d == now, Action: func() { v.setTimer(d) }})
	}
	own := lang.T("timer.own")
	listed := slices.Contains(timerChoices, now)
	if !listed {
		own = lang.T("timer.own_now", "time", timerWord(now))
	}
	items = append(items, widget.MenuItem{Label: own, Checked: !listed, Action: v.askTimer})
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(v.timer)
	if theme.RTL() {
		at.X += v.timer.Size().Width
	}
	widget.ShowMenu(canvasOf(v), at.AddXY(0, v.timer.Size().Height+theme.Space4), items...)
}

// setTimer sets it and gives the keyboard to what comes next: writing.
func (v *ConversationView) setTimer(d time.Duration) {
	v.c.SetTimer(d)
	v.FocusComposer()
}

// askTimer asks for an own value.
func (v *ConversationView) askTimer() {
	unit := 1
	c := newCard(lang.T("timer.title"))
	c.say(lang.T("timer.text", "name", shown(v.c.Contact().Name)))
	field := widget.NewField(lang.T("timer.number"), lang.T("timer.range"))
	field.SetMaxBytes(16)
	set := func(d time.Duration) {
		c.close()
		v.setTimer(d)
	}
	submit := func() {
		d, err := parseTimer(field.Text(), timerUnits[unit])
		if err != nil {
			field.SetError(errorWord(err, ""))
			return
		}
		set(d)
	}
	field.OnSubmit = func(string) { submit() }
	field.OnChanged = func(string) { field.SetError("") }
	units := widget.NewTabs(func(i int) {
		unit = i
		field.SetError("")
	}, lang.T("timer.seconds"), lang.T("timer.minutes"), lang.T("timer.hours"), lang.T("timer.days"), lang.T("timer.weeks"))
	units.Choose(unit)
	c.Add(theme.Space16, field)
	c.Add(theme.Space8, units)
	save := widget.NewButton(widget.ButtonPrimary, lang.T("timer.set"), submit)
	c.Add(theme.Space24, layout.NewRow().AddGrow(0, c.cancel()).AddGrow(theme.Space16, save))
	c.open(canvasOf(v), field.Focusable())
}
