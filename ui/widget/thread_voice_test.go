package widget

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

// voiceItems shows notes in every state.
func voiceItems() []ThreadItem {
	at := time.Date(2019, time.November, 21, 9, 12, 0, 0, time.UTC)
	var bars [VoiceBars]uint8
	for i := range bars {
		bars[i] = uint8(20 + (i*i*37+i*53)%236)
	}
	note := func(v ThreadVoice) *ThreadFile {
		if v.Length > 0 {
			v.Bars = bars
		}
		if v.Speed == "" {
			v.Speed = "1×"
		}
		return &ThreadFile{Name: "voice.ogg", Share: -1, Action: FileExport, Voice: &v}
	}
	out := []ThreadItem{
		{File: note(ThreadVoice{Length: 42 * time.Second})},
		{Own: true, State: ThreadRead, File: note(ThreadVoice{Length: 42 * time.Second, At: 17 * time.Second, Playing: true, Speed: "1.5×"})},
		{File: note(ThreadVoice{Length: 14*time.Minute + 59*time.Second, At: 6*time.Minute + 8*time.Second, Speed: "2×"}), Reactions: []ThreadReaction{{"👍", 1, true}}},
		{Own: true, State: ThreadQueued, File: note(ThreadVoice{}), Timer: ThreadTimer{Total: time.Hour}},
		{Own: true, State: ThreadDelivered, File: note(ThreadVoice{Length: 3 * time.Second}), Quote: &ThreadQuote{ID: 1, Name: "أحمد", Text: "رسالة صوتية"}},
		{File: &ThreadFile{Name: "Voice note", Detail: "41 % of 126 kB", Share: 0.41, Action: FilePause}},
	}
	for i := range out {
		out[i].ID, out[i].At = int64(i+1), at.Add(time.Duration(i)*time.Minute)
	}
	return out
}

func voiceThread(t *testing.T, size fyne.Size) (*Thread, fyne.Window) {
	t.Helper()
	all := voiceItems()
	th := NewThread(&items{all: all, hi: len(all)})
	w := test.NewWindow(container.NewStack(canvas.NewRectangle(theme.Current().Paper), container.NewClip(th)))
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	return th, w
}

func TestVoiceNotesLook(t *testing.T) {
	for _, look := range []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
		size  fyne.Size
	}{
		{"light", theme.ModeLight, false, 1, fyne.NewSize(560, 560)},
		{"light-rtl", theme.ModeLight, true, 1, fyne.NewSize(560, 560)},
		{"dark", theme.ModeDark, false, 1, fyne.NewSize(560, 560)},
		{"dark-rtl", theme.ModeDark, true, 1, fyne.NewSize(560, 560)},
		{"large", theme.ModeLight, false, 2, fyne.NewSize(560, 760)},
		{"narrow", theme.ModeDark, false, 1, fyne.NewSize(340, 560)},
	} {
		t.Run(look.name, func(t *testing.T) {
			test.NewTempApp(t)
			theme.SetMode(look.mode)
			theme.SetRTL(look.rtl)
			theme.SetScale(look.scale)
			t.Cleanup(func() { theme.SetMode(theme.ModeSystem); theme.SetRTL(false); theme.SetScale(1) })
			th, w := voiceThread(t, look.size)
			if look.name == "dark" {
				th.ring, th.current, th.part = true, 2, 1
				th.Changed()
			}
			compareGolden(t, filepath.Join("testdata", "thread-voice-"+look.name+".png"), w.Canvas().Capture())
		})
	}
}

// TestPartsOfAVoiceNoteArePressed presses each part with the pointer and the keyboard, in
// both directions of the interface: a note runs from left to right in both.
func TestPartsOfAVoiceNoteArePressed(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		test.NewTempApp(t)
		theme.SetRTL(rtl)
		t.Cleanup(func() { theme.SetRTL(false) })
		th, _ := voiceThread(t, fyne.NewSize(560, 560))
		var played, faster, skipped int
		var share float32
		th.OnPlay = func(id int64) { played += int(id) }
		th.OnSpeed = func(id int64) { faster += int(id) }
		th.OnSeek = func(id int64, s float32) { share = s }
		th.OnSkip = func(id int64, by int) { skipped += by }
		press := func(id int64, kind targetKind, part float32) {
			r := th.rows[id]
			for _, hit := range r.b.targets {
				if hit.kind == kind {
					q := hit.rects[0]
					e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
					e.Position = fyne.NewPos(r.x+q.X+q.W*part, r.y+q.Y+q.H/2)
					th.MouseDown(e)
					th.MouseUp(e)
				}
			}
		}
		press(1, onPlay, 0.5)
		press(2, onSpeed, 0.5)
		press(1, onSeek, 0.75)
		if played != 1 || faster != 2 || share < 0.74 || share > 0.76 {
			t.Errorf("rtl %v: played %d, faster %d, went to %.2f", rtl, played, faster, share)
		}
		press(4, onSeek, 0.5)
		if share < 0.74 {
			t.Error("a note that is not here yet was sought in")
		}
		th.current = 1
		for range 2 {
			th.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyRight, Modifier: fyne.KeyModifierShortcutDefault})
		}
		th.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierShortcutDefault})
		th.part = 0
		th.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		if skipped != 1 || played != 2 {
			t.Errorf("rtl %v: by keyboard: skipped %d, played %d", rtl, skipped, played)
		}
	}
}

func TestRecordBarTakesItsKeys(t *testing.T) {
	test.NewTempApp(t)
	b := NewRecordBar()
	sent, gone := 0, 0
	b.OnSend, b.OnCancel = func() { sent++ }, func() { gone++ }
	w := test.NewWindow(b)
	defer w.Close()
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.cancel.OnTapped()
	if sent != 1 || gone != 2 {
		t.Errorf("sent %d, discarded %d", sent, gone)
	}
	for i := range 2 * recordLevels {
		b.Set(time.Duration(i+1)*time.Second/10, 0.5, true)
	}
	if len(b.levels) != recordLevels {
		t.Errorf("%d levels are kept", len(b.levels))
	}
	b.Begin(0.25, 0.75) // of a recording that waited
	b.Set(time.Second, 0, false)
	if !slices.Equal(b.levels, []float32{0.25, 0.75}) {
		t.Errorf("a recording that waited looks like %v", b.levels)
	}
	if b.Begin(); len(b.levels) != 0 {
		t.Errorf("a new one begins with %v", b.levels)
	}
}

func TestRecordingLooks(t *testing.T) {
	for _, look := range []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
	}{
		{"light", theme.ModeLight, false, 1},
		{"dark-rtl", theme.ModeDark, true, 1},
		{"large", theme.ModeLight, false, 2},
	} {
		t.Run(look.name, func(t *testing.T) {
			test.NewTempApp(t)
			theme.SetMode(look.mode)
			theme.SetRTL(look.rtl)
			theme.SetScale(look.scale)
			t.Cleanup(func() { theme.SetMode(theme.ModeSystem); theme.SetRTL(false); theme.SetScale(1) })
			on, ended := NewRecordBar(), NewRecordBar()
			for i := range 70 {
				on.Set(time.Duration(i+1)*time.Second/10, float32((i*37)%50)/50, true)
				ended.Set(time.Duration(i+1)*time.Second*12, float32((i*37)%50)/50, true)
			}
			ended.Set(840*time.Second, 0, false)
			column := container.NewVBox(on, ended)
			for _, face := range []SendFace{SendText, SendVoice, SendSilent} {
				b := NewSendButton(nil)
				b.SetFace(face)
				column.Add(b)
			}
			w := test.NewWindow(container.NewStack(canvas.NewRectangle(theme.Current().Surface), column))
			defer w.Close()
			w.SetPadded(false)
			w.Resize(fyne.NewSize(360, 320))
			compareGolden(t, filepath.Join("testdata", "record-"+look.name+".png"), w.Canvas().Capture())
		})
	}
}
