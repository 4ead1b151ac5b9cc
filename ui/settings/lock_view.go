package settings

import (
	"slices"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// LockView is the section about locking.
type LockView struct {
	Content *layout.Column

	lock     *Lock
	sentence func(error) string
	minutes  *widget.Tabs
	failed   *widget.Label
}

// NewLockView returns the section; call Update when the model changed. panicKeys are the
// keys that lock in a hurry, in words.
func NewLockView(l *Lock, panicKeys string, sentence func(error) string, onLock func()) *LockView {
	v := &LockView{lock: l, sentence: sentence}
	labels := make([]string, len(IdleMinutes))
	for i, m := range IdleMinutes {
		switch m {
		case 0:
			labels[i] = lang.T("lock.never")
		case 60:
			labels[i] = lang.T("lock.hour")
		default:
			labels[i] = lang.T("lock.minutes", "n", m)
		}
	}
	v.minutes = widget.NewTabs(func(i int) { l.SetMinutes(IdleMinutes[i]) }, labels...)
	v.failed = widget.NewLabel("", &theme.Small, widget.InkDanger)
	v.Content = column().
		Add(0, heading(lang.T("lock.idle"))).
		Add(theme.Space8, v.minutes).
		Add(theme.Space4, why(lang.T("lock.idle_why"))).
		Add(theme.Space8, v.failed).
		AddStart(theme.Space16, widget.NewButton(widget.ButtonSecondary, lang.T("lock.now"), onLock)).
		Add(theme.Space32, heading(lang.T("lock.panic"))).
		Add(theme.Space4, why(lang.T("lock.panic_why", "keys", panicKeys))).
		Add(theme.Space8, why(lang.T("lock.panic_limits")))
	v.Update()
	return v
}

// Update brings what is seen in line with the model.
func (v *LockView) Update() {
	v.minutes.Choose(slices.Index(IdleMinutes, v.lock.Minutes))
	v.failed.SetText(v.sentence(v.lock.Err))
	visible(v.failed, v.lock.Err != nil)
	v.Content.Refresh()
}
