package widget

import (
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// sheet places controls from the start edge, as a screen does.
type sheet struct {
	spots []spot
}

type spot struct {
	o          fyne.CanvasObject
	x, y, w, h float32 // w or h 0: as wide or high as it needs
}

func (s *sheet) add(o fyne.CanvasObject, x, y, w, h float32) {
	s.spots = append(s.spots, spot{o, x, y, w, h})
}

func (s *sheet) objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, p := range s.spots {
		out = append(out, p.o)
	}
	return out
}

func (s *sheet) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (s *sheet) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	for _, p := range s.spots {
		w, h := p.w, p.h
		if w == 0 {
			w = p.o.MinSize().Width
		}
		if t, ok := p.o.(interface{ HeightFor(float32) float32 }); ok && h == 0 {
			h = t.HeightFor(w)
		} else if h == 0 {
			h = p.o.MinSize().Height
		}
		p.o.Resize(fyne.NewSize(w, h))
		p.o.Move(fyne.NewPos(theme.Start(p.x, w, size.Width), p.y*theme.Scale()))
	}
}

func sampleChats() []ChatItem {
	return []ChatItem{
		{ID: 1, Name: "أمينة بن صالح", Trust: 3, Time: "18:02", Last: "نلتقي غداً الساعة 10:30 عند المدخل."},
		{ID: 2, Name: "Claire Fontaine", Trust: 3, Time: "17:41", Last: "« D’accord. » J’ai relu la page quatre.", Unread: 2},
		{ID: 3, Name: "Desk — Night editor", Trust: 2, Time: "15:58", Glyph: theme.IconQueued, Last: "Door code is the usual one."},
		{ID: 4, Name: "Papa", Trust: 1, Time: "12:15", Prefix: "Draft:", Last: "Les enfants t’embrassent", Unread: 120},
		{ID: 5, Name: "Ministerium, Abteilung fünf", Trust: 2, Time: "20/12/2025", Failed: true, Last: "Not sent. Open to see why."},
		{ID: 6, Name: "Yusuf H.", Trust: 0, Time: "Thu", Glyph: theme.IconRing, Last: "Finish verifying"},
	}
}

func buttonSheet(t *testing.T) *sheet {
	s := &sheet{}
	disabled := NewButton(ButtonPrimary, "Confirm", nil)
	disabled.Disable()
	busy := NewButton(ButtonPrimary, "Unlocking…", nil)
	busy.SetBusy(true)
	ringed := NewButton(ButtonSecondary, "Stop", nil)
	ringed.FocusGained()
	hot := NewButton(ButtonPrimary, "Unlock", nil)
	hot.MouseIn(nil)
	s.add(NewButton(ButtonPrimary, "Create my profile", nil), 20, 20, 320, 0)
	s.add(busy, 20, 70, 320, 0)
	s.add(disabled, 190, 240, 150, 0)
	s.add(hot, 20, 120, 150, 0)
	s.add(ringed, 190, 120, 150, 0)
	s.add(NewButton(ButtonDanger, "Remove", nil), 20, 180, 0, 0)
	s.add(NewButton(ButtonDangerText, "Block", nil), 190, 180, 0, 0)
	s.add(NewButton(ButtonText, "Suggest another", nil), 20, 240, 0, 0)
	for i, name := range []theme.IconName{theme.IconBack, theme.IconSearch, theme.IconDetails, theme.IconLock, theme.IconAdd} {
		s.add(NewIconButton(name, "", nil), 20+float32(i)*40, 300, 0, 0)
	}
	jump := NewJumpButton(nil)
	jump.SetUnread(3)
	s.add(jump, 240, 300, 0, 0)
	s.add(NewSendButton(nil), 296, 298, 0, 0)
	s.add(NewTabs(nil, "Show my card", "I have theirs"), 20, 360, 320, 0)
	for i := range 4 {
		s.add(NewDots(i, theme.DotDetails), 20+float32(i)*50, 440, 0, 0)
	}
	s.add(NewMonogram("Claire", 40), 240, 424, 0, 0)
	return s
}

func boxSheet(t *testing.T) *sheet {
	s := &sheet{}
	p := NewPassphraseField("Passphrase", "Four or more words that nobody would put together.")
	p.SetText("tulip anchor forty")
	s.add(p, 20, 20, 320, 0)
	wrong := NewPassphraseField("The passphrase again", "")
	wrong.SetText("tulip anchor")
	wrong.Reveal(true)
	wrong.SetError("The two passphrases differ.")
	s.add(wrong, 20, 140, 320, 0)
	s.add(NewNote(lang.T("start.note")), 20, 280, 320, 0)
	s.add(NewWarning(lang.T("codes.look_alike", "name", "أمينة")), 20, 500, 320, 0)
	s.add(NewDropZone(theme.IconImage, lang.T("pairing.drop")), 360, 20, 320, 0)
	s.add(NewEmptyState(theme.IconPerson, lang.T("list.empty_title"), lang.T("list.empty_text"),
		NewButton(ButtonPrimary, lang.T("list.empty_button"), nil)), 360, 300, 320, 0)
	return s
}

func codeSheet(t *testing.T) *sheet {
	s := &sheet{}
	view := NewCodeView()
	view.SetCode("482913")
	s.add(view, 20, 20, 352, 0)
	input := NewCodeInput()
	input.paste("705 123")
	input.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	input.FocusGained()
	s.add(input, 20, 160, 400, 0)
	number := NewSafetyNumber()
	number.SetNumber("123456789012345678901234567890123456789012345678901234567890")
	s.add(number, 20, 290, 264, 0)
	ring := NewCountdownRing()
	ring.Set(87*time.Second, 2*time.Minute)
	s.add(ring, 400, 40, 0, 0)
	code := NewQRView()
	if err := code.SetText(sampleCard); err != nil {
		t.Fatal(err)
	}
	s.add(code, 440, 20, 240, 240)
	return s
}

func listSheet(t *testing.T) *sheet {
	s := &sheet{}
	h := NewHeader("Back", func() {}, NewIconButton(theme.IconSearch, "Search", nil), NewIconButton(theme.IconDetails, "Details", nil))
	h.SetTitle("Claire Fontaine", "Verified · reachable on this network")
	h.SetTrust(3, "Verified")
	h.ShowBack(true)
	s.add(h, 320, 0, 380, 0)
	ground := canvas.NewRectangle(theme.Current().List)
	l := NewChatList()
	l.SetItems(sampleChats())
	l.Select(2)
	l.cursor = 3
	l.FocusGained()
	s.add(container.NewStack(ground, l), 0, 0, theme.ListWidth, 640)
	return s
}

func TestControlsLook(t *testing.T) {
	sheets := []struct {
		name  string
		build func(*testing.T) *sheet
		size  fyne.Size
	}{
		{"buttons", buttonSheet, fyne.NewSize(360, 480)},
		{"boxes", boxSheet, fyne.NewSize(700, 640)},
		{"codes", codeSheet, fyne.NewSize(700, 460)},
		{"list", listSheet, fyne.NewSize(700, 640)},
	}
	looks := []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
	}{
		{"light", theme.ModeLight, false, 1},
		{"dark-rtl", theme.ModeDark, true, 1},
		{"large", theme.ModeLight, false, 1.5},
	}
	for _, s := range sheets {
		for _, look := range looks {
			t.Run(s.name+"-"+look.name, func(t *testing.T) {
				setLook(t, look.mode, look.rtl, look.scale)
				sheet := s.build(t)
				ground := canvas.NewRectangle(theme.Current().Paper)
				w := test.NewWindow(container.NewStack(ground, container.New(sheet, sheet.objects()...)))
				defer w.Close()
				w.SetPadded(false)
				w.Resize(fyne.NewSize(s.size.Width, s.size.Height*look.scale))
				compareGolden(t, filepath.Join("testdata", "controls-"+s.name+"-"+look.name+".png"), w.Canvas().Capture())
			})
		}
	}
}

// setLook brings a look into force for one test.
func setLook(t *testing.T, mode theme.Mode, rtl bool, scale float32) {
	t.Helper()
	app := test.NewTempApp(t)
	holdTime(t)
	theme.SetMode(mode)
	theme.SetRTL(rtl)
	theme.SetScale(scale)
	theme.Apply(app)
	t.Cleanup(func() {
		theme.SetMode(theme.ModeSystem)
		theme.SetRTL(false)
		theme.SetScale(1)
	})
}

const sampleCard = "TACIT1:AEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEA"
