package widget

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
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

// richItems shows everything that can be in a message.
func richItems() []ThreadItem {
	at := time.Date(2019, time.November, 21, 9, 12, 0, 0, time.UTC)
	out := []ThreadItem{
		{Text: "**Second paragraph**: keep it, *as it stands*. The ~~quotation~~ goes. See https://example.org/drafts/4 and `draft-4.txt`."},
		{Own: true, Text: "Agreed. I moved the date to the front.", Quote: &ThreadQuote{ID: 1, Name: "Claire Fontaine", Text: "**Second paragraph**: keep it, *as it stands*. The ~~quotation~~ goes. See https://example.org/drafts/4 and what I said yesterday about it."},
			Edited: true, State: ThreadRead, Reactions: []ThreadReaction{{"👍", 2, true}, {"❤️", 1, false}}},
		{Text: "هذا هو الرد على **رسالتك** الأخيرة", Quote: &ThreadQuote{ID: 2, Name: "أحمد", Text: "Agreed. I moved the date to the front."}, Reactions: []ThreadReaction{{"😂", 1, true}}},
		{Own: true, Text: "نعم", Quote: &ThreadQuote{ID: 3, Name: "أحمد", Text: "هذا هو الرد على رسالتك الأخيرة"}, State: ThreadDelivered, Timer: ThreadTimer{Total: time.Hour}},
		{Text: "I see.", Quote: &ThreadQuote{}, Forwarded: true},
		{Text: "```go\nfunc main() {\n\tprintln(\"مرحبا\")\n}\n```\nThis prints one word.", Fresh: true},
		{Own: true, Text: "> what the minister said\n> twice\nNot in writing, though.", State: ThreadHeld},
		{Deleted: true},
		{Own: true, State: ThreadDelivered, File: &ThreadFile{Name: "Enquête sur les marchés publics, version définitive relue.pdf", Detail: "3.2 MB, 41 %, 1.2 MB/s", Share: 0.41, Action: FilePause}},
		{File: &ThreadFile{Name: "interview.flac", Detail: "182 MB", Share: -1, Action: FileFetch}},
		{File: &ThreadFile{Name: "notes.txt", Detail: "2 KB", Share: -1, Action: FileExport}, Text: "My notes."},
		{File: &ThreadFile{Picture: true, Width: 1600, Height: 1000, Share: -1, Action: FileExport}, Text: "The hall this morning, before they had put the chairs out and closed the doors.", Reactions: []ThreadReaction{{"👀", 1, true}}},
		{Own: true, State: ThreadQueued, File: &ThreadFile{Picture: true, Width: 600, Height: 800, Detail: "1.1 MB", Share: 0.7, Action: FilePause}},
		{Text: "the hits of a hit, and الكتابة", Marks: []ThreadRange{{4, 8}, {14, 17}, {25, 29}}},
		{Notice: true, Own: true, Text: "You set messages to disappear after 1 day."},
	}
	for i := range out {
		out[i].ID, out[i].At = int64(i+1), at.Add(time.Duration(i)*time.Minute)
	}
	return out
}

// photograph is a picture with edges to look at.
func photograph(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(90 + 60*y/h), uint8(130 + 40*y/h), uint8(170 - 60*y/h), 255}
			if y > h*2/3+(x*h/w)/8 {
				c = color.RGBA{70, 90, 60, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func TestThreadShowsAllThatIsInAMessage(t *testing.T) {
	for _, look := range []struct {
		name  string
		mode  theme.Mode
		rtl   bool
		scale float32
		size  fyne.Size
	}{
		{"light", theme.ModeLight, false, 1, fyne.NewSize(640, 1960)},
		{"dark", theme.ModeDark, false, 1, fyne.NewSize(640, 1960)},
		{"rtl", theme.ModeDark, true, 1, fyne.NewSize(640, 1960)},
		{"large", theme.ModeLight, false, 2, fyne.NewSize(760, 3100)},
		{"narrow", theme.ModeLight, true, 0.8, fyne.NewSize(380, 1900)},
	} {
		t.Run(look.name, func(t *testing.T) {
			test.NewTempApp(t)
			theme.SetMode(look.mode)
			theme.SetRTL(look.rtl)
			theme.SetScale(look.scale)
			t.Cleanup(func() { theme.SetMode(theme.ModeSystem); theme.SetRTL(false); theme.SetScale(1) })
			all := richItems()
			th := NewThread(&items{all: all, hi: len(all), pictures: map[int64]*image.RGBA{12: photograph(320, 200)}})
			w := test.NewWindow(container.NewStack(canvas.NewRectangle(theme.Current().Paper), container.NewClip(th)))
			defer w.Close()
			w.SetPadded(false)
			w.Resize(look.size)
			if look.name == "light" || look.name == "narrow" {
				r := th.rows[2]
				th.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(r.x+40, r.y+20)}})
			}
			if look.name == "dark" {
				th.ring, th.current, th.part = true, 2, 2
				th.Changed()
			}
			compareGolden(t, filepath.Join("testdata", "thread-rich-"+look.name+".png"), w.Canvas().Capture())
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
