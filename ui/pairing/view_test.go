package pairing

import (
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tacit/app"
	"tacit/ui/lang"
)

func show(t *testing.T) (*View, *Add, *fake, *[]fyne.Focusable) {
	t.Helper()
	test.NewTempApp(t)
	a, f := open(t)
	var focused []fyne.Focusable
	v := NewView(a, Actions{
		Sentence: func(err error) string {
			if err == nil {
				return ""
			}
			return err.Error()
		},
		Clipboard:  func() string { return cardText },
		ChooseFile: func(func(string)) {},
		Chat:       func(app.ContactID) {},
		Close:      func() {},
		Focus:      func(o fyne.Focusable) { focused = append(focused, o) },
	})
	return v, a, f, &focused
}

func TestOnePanelAtATime(t *testing.T) {
	v, a, _, focused := show(t)
	for _, s := range []Step{StepMine, StepTheirs, StepNearby, StepLooking, StepCodes, StepChecked, StepDone, StepMismatch, StepEnded} {
		a.Step = s
		v.Update()
		visible := 0
		for _, p := range v.panels {
			if p.object().Visible() {
				visible++
				if !p.shows(s) {
					t.Errorf("step %d: a wrong panel", s)
				}
			}
		}
		if visible != 1 {
			t.Errorf("step %d: %d panels", s, visible)
		}
		if v.tabs.Visible() != (s <= lastTab) {
			t.Errorf("step %d: tabs visible %t", s, v.tabs.Visible())
		}
	}
	if len(*focused) != 4 {
		t.Errorf("the keyboard was given away %d times for 4 changes of the panel", len(*focused))
	}
}

// The sentence below the picture has other lines once the camera sees: the button below it
// would be cut off.
func TestCardGrowsWithWhatTheCameraSays(t *testing.T) {
	v, a, _, _ := show(t)
	a.Step, a.Scanner.On = StepTheirs, true
	v.Update()
	resized := 0
	v.OnResize = func() { resized++ }
	a.Scanner.Sight.Picture = image.NewRGBA(image.Rect(0, 0, 4, 3))
	for range 2 { // the second picture says nothing new
		a.Scanner.OnSight()
	}
	if resized != 1 {
		t.Errorf("the card was laid out %d times", resized)
	}
}

func TestPasteButton(t *testing.T) {
	v, a, f, _ := show(t)
	a.Show(StepTheirs)
	v.panels[1].(*theirs).paste.Tapped(nil)
	if len(f.accepted) != 1 || f.accepted[0] != cardText || a.Step != StepLooking {
		t.Errorf("accepted %q, step %d", f.accepted, a.Step)
	}
}

func TestRingStopsWhenTheCodesAreGone(t *testing.T) {
	v, a, f, _ := show(t)
	a.Event(app.PairingChanged{Pairing: codesOf("own1")})
	c := v.panels[4].(*codes)
	a.SetCode("705123")
	f.later = true
	a.Confirm()
	if !c.confirm.Busy() {
		t.Fatal("no ring while the code is compared")
	}
	f.flush()
	if c.confirm.Busy() || c.object().Visible() {
		t.Error("the ring turns on, unseen")
	}
}

func TestLookAlikeIsSaidFirst(t *testing.T) {
	v, a, _, _ := show(t)
	p := codesOf("own1")
	a.Event(app.PairingChanged{Pairing: p})
	c := v.panels[4].(*codes)
	if c.alike.Visible() {
		t.Error("a warning without a reason")
	}
	p.LooksLike = "Clаire" // with a Cyrillic letter
	a.Event(app.PairingChanged{Pairing: p})
	if !c.alike.Visible() {
		t.Error("no warning")
	}
	if got := lang.Plain(c.text.Text()); got != lang.Plain(lang.T("codes.text", "name", "Claire")) {
		t.Errorf("text %q", got)
	}
}
