package pairing

import (
	"errors"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// around is the tab of those who pair nearby: the own name, and who else is there.
type around struct {
	*layout.Column
	a        *Add
	sentence func(error) string

	intro   *widget.Label
	shown   *layout.Column // under which name, and who is there
	name    *widget.Label
	here    *widget.Label
	empty   *widget.Label
	list    *layout.Column
	rows    []*neighbour
	says    *widget.Label
	note    *widget.Note
	problem *problem
	again   *widget.Button
}

func newAround(a *Add, act Actions) *around {
	v := &around{a: a, sentence: act.Sentence, problem: newProblem(), list: layout.NewColumn(1)}
	v.intro = widget.NewLabel(lang.T("nearby.intro"), &theme.UI, widget.InkSecond)
	v.name = line("", &theme.Title, widget.InkMain)
	v.here = line(lang.T("nearby.list"), &theme.SmallBold, widget.InkMain)
	v.empty = widget.NewLabel(lang.T("nearby.empty"), &theme.UI, widget.InkSecond)
	v.says = widget.NewLabel("", &theme.UI, widget.InkMain)
	v.note = widget.NewNote(lang.T("nearby.note"))
	v.again = widget.NewButton(widget.ButtonPrimary, "", a.Nearby.Open)
	v.shown = layout.NewColumn(1).
		AddStart(0, line(lang.T("nearby.shown_as"), &theme.Small, widget.InkSecond)).
		AddStart(0, v.name).
		AddStart(theme.Space20, v.here).
		Add(theme.Space8, v.empty).
		Add(theme.Space8, v.list).
		Add(theme.Space16, v.says)
	v.Column = layout.NewColumn(1).
		Add(0, v.intro).
		Add(theme.Space16, v.shown).
		Add(theme.Space16, v.problem.Row).
		Add(theme.Space16, v.again).
		Add(theme.Space20, v.note)
	return v
}

func (v *around) object() *layout.Column { return v.Column }
func (v *around) shows(s Step) bool      { return s == StepNearby }

// first is the first of those who are there.
func (v *around) first() fyne.Focusable {
	switch {
	case v.again.Visible():
		return v.again
	case len(v.rows) > 0 && v.rows[0].Visible():
		return v.rows[0].pick
	}
	return nil
}

func (v *around) update() {
	n := v.a.Nearby
	visible(v.shown, n.Err == nil)
	visible(v.again, n.Err != nil)
	err := n.Err
	if err == nil {
		err = n.State.Err
	}
	v.problem.set(v.sentence(err))
	v.again.SetLabel(lang.T("nearby.retry"))
	if errors.Is(n.Err, app.ErrNearbyOver) {
		v.again.SetLabel(lang.T("nearby.again"))
	}
	v.name.SetText(lang.T("nearby.opening"))
	if n.State.Name.Number != 0 {
		v.name.SetText(NearbyName(n.State.Name))
	}
	visible(v.empty, len(n.State.Partners) == 0)
	visible(v.list, len(n.State.Partners) > 0)
	v.fill(n)
	words := v.words(n)
	v.says.SetText(words)
	visible(v.says, words != "")
	v.list.Refresh()
	v.shown.Refresh()
}

// fill puts everybody who is there into a row. Rows stay what they are where they can, so
// that the keyboard stays where it was.
func (v *around) fill(n *Nearby) {
	for len(v.rows) < len(n.State.Partners) {
		row := newNeighbour(n.Pick)
		v.rows = append(v.rows, row)
		v.list.Add(theme.Space8, row)
	}
	for i, row := range v.rows {
		there := i < len(n.State.Partners)
		visible(row, there)
		if there {
			row.set(n.State.Partners[i], n.State.Picked)
		}
	}
}

// words say what is waited for.
func (v *around) words(n *Nearby) string {
	chosen, ok := n.Chosen()
	switch {
	case n.State.Pairing != "":
		return lang.T("nearby.exchanging")
	case ok && !chosen.Picks:
		return lang.T("nearby.waiting", "name", NearbyName(chosen.Name))
	case len(n.State.Partners) > 0:
		return lang.T("nearby.hint")
	}
	return ""
}

// NearbyName is the name of somebody who pairs nearby, in the language of the window.
func NearbyName(n app.NearbyName) string {
	words := strings.Split(lang.T("nearby.animals"), "|")
	if n.Animal < 0 || n.Animal >= len(words) {
		return n.String()
	}
	return words[n.Animal] + "\u00a0" + strconv.Itoa(n.Number)
}

// neighbour is the row of one partner.
type neighbour struct {
	*layout.Row
	id    string
	name  *widget.Label
	state *widget.Label
	pick  *widget.Button
}

func newNeighbour(pick func(id string)) *neighbour {
	r := &neighbour{name: line("", &theme.UIBold, widget.InkMain), state: widget.NewLabel("", &theme.Caption, widget.InkSecond)}
	r.pick = widget.NewButton(widget.ButtonSecondary, "", func() { pick(r.id) })
	words := layout.NewColumn(1).Add(0, r.name).Add(0, r.state)
	r.Row = layout.NewRow().AddGrow(0, words).Add(theme.Space12, r.pick)
	return r
}

func (r *neighbour) set(p app.NearbyPartner, picked string) {
	r.id = p.ID
	r.name.SetText(NearbyName(p.Name))
	mine := p.ID == picked
	state := ""
	switch {
	case p.Twin:
		state = lang.T("nearby.twin")
	case mine && p.Picks:
		state = lang.T("nearby.both")
	case mine:
		state = lang.T("nearby.chosen")
	case p.Picks:
		state = lang.T("nearby.picks")
	}
	r.state.SetText(state)
	visible(r.state, state != "")
	r.pick.SetLabel(lang.T("nearby.choose"))
	if mine {
		r.pick.SetLabel(lang.T("nearby.undo"))
	}
	r.Row.Refresh()
}
