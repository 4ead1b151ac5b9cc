package pairing

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
)

// TestNearbyRows: everybody who is there has a row that says how it stands with them, and
// the keyboard stays on the row that it was on.
func TestNearbyRows(t *testing.T) {
	v, a, f, _ := show(t)
	a.Show(StepNearby)
	n := v.panels[2].(*around)
	if !n.empty.Visible() || n.says.Visible() || n.name.Text() != NearbyName(app.NearbyName{Animal: 3, Number: 27}) {
		t.Errorf("alone: %q, %v, %v", n.name.Text(), n.empty.Visible(), n.says.Visible())
	}
	who := func(id string, number int) app.NearbyPartner {
		return app.NearbyPartner{ID: id, Name: app.NearbyName{Animal: 0, Number: number}}
	}
	state := app.Nearby{Open: true, Name: app.NearbyName{Animal: 1, Number: 11}}
	tell := func(picked string, pairing app.PairingID, partners ...app.NearbyPartner) {
		state.Picked, state.Pairing, state.Partners = picked, pairing, partners
		a.Event(app.NearbyChanged{Nearby: state})
	}
	x, y := who("x", 20), who("y", 30)
	x.Picks = true
	tell("", "", x, y)
	if n.empty.Visible() || !n.rows[0].Visible() || !n.rows[1].Visible() {
		t.Error("two are there, and not two rows")
	}
	if got := n.rows[0].state.Text(); got != lang.T("nearby.picks") {
		t.Errorf("of one who picks: %q", got)
	}
	first := n.rows[0].pick
	test.Tap(n.rows[1].pick)
	f.expect(t, "start", "pick y")
	tell("y", "", x, y)
	if got := n.rows[1].pick.Label(); got != lang.T("nearby.undo") {
		t.Errorf("on the chosen row: %q", got)
	}
	if got := n.says.Text(); got != lang.T("nearby.waiting", "name", NearbyName(y.Name)) {
		t.Errorf("says %q", got)
	}
	y.Picks = true
	tell("y", "p", x, y)
	if got := n.says.Text(); got != lang.T("nearby.exchanging") {
		t.Errorf("says %q", got)
	}
	x.Twin, y.Twin = true, true
	tell("", "", x, y)
	if got := n.rows[1].state.Text(); got != lang.T("nearby.twin") {
		t.Errorf("of one name twice: %q", got)
	}
	tell("", "", x)
	if n.rows[1].Visible() || n.rows[0].pick != first {
		t.Error("one has left, and the rows are others")
	}
	a.Event(app.NearbyChanged{Nearby: app.Nearby{Err: app.ErrNearbyOver}})
	if n.shown.Visible() || !n.again.Visible() || !n.problem.Visible() {
		t.Error("it is over, and the tab does not say so")
	}
	test.Tap(n.again)
	if !n.shown.Visible() || n.again.Visible() {
		t.Error("it was opened again, and is not seen")
	}
}
