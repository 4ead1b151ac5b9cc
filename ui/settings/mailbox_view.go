package settings

import (
	"time"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
	"tacit/ui/widget/text"
)

// mailboxView is one node in the list.
type mailboxView struct {
	*layout.Column
	d        *Delivery
	node     app.Node
	sentence func(error) string

	icon            *widget.Emblem
	host, mark      *widget.Label
	state           *widget.Label
	facts           *widget.Label
	refused         *widget.Label
	test, first     *widget.Button
	remove, abandon *widget.Button
	steps           *layout.Column
}

func newMailboxView(d *Delivery, n app.Node, sentence func(error) string) *mailboxView {
	v := &mailboxView{d: d, node: n, sentence: sentence, steps: column()}
	v.icon = widget.NewEmblem(theme.IconHeld, theme.IconAction, widget.InkSecond)
	v.host = line("", &theme.UIBold, widget.InkMain)
	v.mark = line(lang.T("delivery.default"), &theme.SmallBold, widget.InkSecond)
	v.state = why("")
	v.facts = line("", &theme.Caption, widget.InkThird)
	v.refused = line("", &theme.Small, widget.InkDanger)
	v.test = widget.NewButton(widget.ButtonText, lang.T("delivery.test"), func() { d.Try(v.node.ID) })
	v.first = widget.NewButton(widget.ButtonText, lang.T("delivery.make_default"), func() { d.MakeDefault(v.node.ID) })
	v.remove = widget.NewButton(widget.ButtonDangerText, lang.T("delivery.remove"), func() { d.Ask(AskRemove, v.node) })
	v.abandon = widget.NewButton(widget.ButtonDangerText, lang.T("delivery.forget"), func() { d.Ask(AskForget, v.node) })
	words := column().
		Add(0, layout.NewRow().AlignTop().AddGrow(0, v.host).Add(theme.Space12, v.mark)).
		Add(theme.Space2, v.state).
		Add(theme.Space2, v.facts).
		Add(theme.Space4, v.refused).
		Add(theme.Space8, v.steps).
		Add(theme.Space4, layout.NewFlow(theme.Space24, v.test, v.first, v.remove, v.abandon))
	v.Column = column().Add(0, layout.NewRow().AlignTop().Add(0, beside(v.icon, &theme.UIBold)).AddGrow(theme.Space12, words))
	return v
}

// show brings the node up to date. offered names whose computer it is, or is empty.
func (v *mailboxView) show(n app.Node, offered string, now time.Time) {
	v.node = n
	v.host.SetText(n.Host)
	visible(v.mark, n.Default)
	state, troubled := stateWords(n.State)
	v.state.SetText(state)
	v.state.SetColor(widget.InkSecond)
	v.icon.Set(theme.IconHeld, widget.InkSecond)
	if troubled {
		v.state.SetColor(widget.InkDanger)
		v.icon.Set(theme.IconFailed, widget.InkDanger)
	}
	facts := factWords(n, offered, now)
	v.facts.SetText(facts)
	visible(v.facts, facts != "")
	v.refused.SetText(lang.N("delivery.refused", n.Refused))
	visible(v.refused, n.Refused > 0)
	test := v.d.Test(n.ID)
	v.showSteps(test)
	enable(v.test, !test.Running)
	leaving := n.State == app.NodeLeaving
	visible(v.test, !leaving)
	visible(v.first, !leaving && !n.Default)
	visible(v.remove, !leaving)
	visible(v.abandon, leaving)
	for _, b := range []*widget.Button{v.first, v.remove, v.abandon} {
		enable(b, !v.d.Busy)
	}
}

// showSteps tells how far a test has come: what is over, and what is tried now.
func (v *mailboxView) showSteps(t Test) {
	v.steps.Clear()
	for _, c := range t.Checks {
		v.addStep(c)
	}
	if t.Running && len(t.Checks) < len(Steps) {
		step := string(Steps[len(t.Checks)])
		v.step(theme.IconQueued, widget.InkThird, lang.T("delivery.step_"+step), "", "")
	}
	visible(v.steps, t.Running || len(t.Checks) > 0)
}

func (v *mailboxView) addStep(c app.NodeCheck) {
	step := string(c.Step)
	switch {
	case !c.Tried && c.Step == app.StepForward && v.d.Last(v.node.ID):
		v.step(theme.IconRing, widget.InkThird, lang.T("delivery.step_alone"), "", "")
	case !c.Tried:
		v.step(theme.IconRing, widget.InkThird, lang.T("delivery.step_untried", "step", lang.T("delivery.step_"+step)), "", "")
	case c.Err != nil:
		v.step(theme.IconFailed, widget.InkDanger, lang.T("delivery.step_"+step+"_no"), "", v.sentence(c.Err))
	default:
		v.step(theme.IconCheck, widget.InkSuccess, lang.T("delivery.step_"+step+"_yes"), tookWords(c.Took), "")
	}
}

func (v *mailboxView) step(icon theme.IconName, ink widget.Ink, said, took, what string) {
	main := line(said, &theme.Small, widget.InkMain)
	if icon == theme.IconRing { // nothing is known of it
		main.SetColor(widget.InkSecond)
	}
	words := column().Add(0, main)
	if what != "" {
		words.Add(0, why(what))
	}
	row := layout.NewRow().AlignTop().
		Add(0, beside(widget.NewEmblem(icon, theme.IconAction, ink), &theme.Small)).
		AddGrow(theme.Space8, words)
	if took != "" {
		row.Add(theme.Space12, line(took, &theme.Small, widget.InkThird))
	}
	v.steps.Add(theme.Space4, row)
}

// tookWords is how long a step took.
func tookWords(d time.Duration) string {
	if d < time.Second {
		return lang.T("delivery.took_ms", "n", int(d.Milliseconds()))
	}
	return lang.T("delivery.took", "time", lang.Decimal(d.Seconds(), 1))
}

// stateWords say what a node does for the profile, and whether something is wrong with it.
func stateWords(s app.NodeState) (words string, troubled bool) {
	return lang.T("delivery.state_" + string(s)), s == app.NodeAway || s == app.NodeShut || s == app.NodeFalse
}

// factWords are whose computer a node is, when it last answered, and how full it is.
func factWords(n app.Node, offered string, now time.Time) string {
	words := ""
	add := func(more string) {
		if words != "" {
			more = lang.T("delivery.line", "first", words, "second", more)
		}
		words = more
	}
	if offered != "" {
		add(lang.T("delivery.offered_by", "name", text.Shorten(offered, nameLength)))
	}
	if !n.SeenAt.IsZero() {
		add(lang.T("delivery.seen", "time", sinceWords(n.SeenAt.Local(), now)))
	}
	if n.Quota > 0 {
		add(lang.T("delivery.used", "used", lang.Size(n.Used), "quota", lang.Size(n.Quota)))
	}
	return words
}
