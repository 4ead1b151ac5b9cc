package widget

import (
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"tacit/ui/theme"
)

var updateThread = flag.Bool("update-thread", false, "rewrite the golden images of the thread")

// sampleItems shows every kind of bubble.
func sampleItems() []ThreadItem {
	day := time.Date(2019, time.November, 21, 9, 12, 0, 0, time.UTC)
	before := day.Add(-24 * time.Hour)
	out := []ThreadItem{
		{Text: "Bonjour. I put the draft in the folder; page 4 still needs your eye.", At: before},
		{Own: true, Text: "Read it on the train. Two remarks, then it can go.", At: before.Add(4 * time.Minute), State: ThreadDelivered},
		{Text: "صباح الخير! هل وصلت النسخة report-v2.pdf (الأخيرة)؟", At: day},
		{Own: true, Text: "نعم، وصلت الساعة 09:14 — شكراً جزيلاً.", At: day.Add(2 * time.Minute), State: ThreadDelivered},
		{Own: true, Text: "The minister’s office wants it before 11:00. Can you sign off on the second paragraph? I would rather drop the quotation than leave it as it is: two sources, and only one of them will stand by it in writing.", At: day.Add(3 * time.Minute), State: ThreadDelivered},
		{Text: "« D’accord » pour le deuxième paragraphe.", At: day.Add(9 * time.Minute)},
		{Text: "And drop the quotation.", At: day.Add(9 * time.Minute)},
		{Text: "This was sent by a newer Tacit.", At: day.Add(10 * time.Minute), Unknown: true},
		{Text: "Session renewed", At: day.Add(12 * time.Minute), Notice: true},
		{Own: true, Text: "Door code is the usual one.", At: day.Add(14 * time.Minute), State: ThreadQueued},
		{Own: true, Text: "Are you there?", At: day.Add(15 * time.Minute), State: ThreadFailed, Note: "Claire cannot be reached with the keys you have. Meet again to pair anew."},
	}
	for i := range out {
		out[i].ID = int64(i + 1)
	}
	return out
}

func TestThreadLooks(t *testing.T) {
	for _, look := range []struct {
		name string
		mode theme.Mode
		rtl  bool
		size fyne.Size
	}{
		{"light", theme.ModeLight, false, fyne.NewSize(640, 640)},
		{"dark", theme.ModeDark, false, fyne.NewSize(640, 640)},
		{"rtl", theme.ModeDark, true, fyne.NewSize(640, 640)},
		{"narrow", theme.ModeLight, false, fyne.NewSize(380, 800)},
	} {
		t.Run(look.name, func(t *testing.T) {
			test.NewTempApp(t)
			theme.SetMode(look.mode)
			theme.SetRTL(look.rtl)
			t.Cleanup(func() { theme.SetMode(theme.ModeSystem); theme.SetRTL(false) })
			all := sampleItems()
			th := NewThread(&items{all: all, hi: len(all)})
			th.sel = threadSelection{threadPos{2, 5}, threadPos{4, 9}}
			w := test.NewWindow(container.NewStack(canvas.NewRectangle(theme.Current().Paper), container.NewClip(th)))
			defer w.Close()
			w.SetPadded(false)
			w.Resize(look.size)
			compareGolden(t, filepath.Join("testdata", "thread-"+look.name+".png"), w.Canvas().Capture())
		})
	}
}

// compareGolden fails where more than a few pixels differ by more than the rounding of
// another processor's floating point.
func compareGolden(t *testing.T, path string, got image.Image) {
	t.Helper()
	if *updateThread {
		writePNG(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("the picture is %v, want %v", got.Bounds(), want.Bounds())
	}
	const tolerance, most = 12, 40
	off := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if colourDistance(got, want, x, y) > tolerance {
				off++
			}
		}
	}
	if off > most {
		t.Errorf("%d pixels differ from %s; look at what -update-thread writes", off, path)
	}
}

func colourDistance(a, b image.Image, x, y int) int {
	r, g, bl, _ := a.At(x, y).RGBA()
	R, G, B, _ := b.At(x, y).RGBA()
	d := func(p, q uint32) int { return max(int(p>>8)-int(q>>8), int(q>>8)-int(p>>8)) }
	return max(d(r, R), d(g, G), d(bl, B))
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
