package widget

import (
	"flag"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"rsc.io/qr"

	"tacit/ui/theme"
)

// writeZbar writes the figures of TestZbarReadsOurCodes into docs/qr.md.
var writeZbar = flag.Bool("write-zbar", false, "write what zbarimg reads of our codes into docs/qr.md")

// TestZbarReadsOurCodes has another reader look at the window: cards of all lengths, on
// a card in the light and the dark theme, at 3 to 10 pixels a module.
func TestZbarReadsOurCodes(t *testing.T) {
	test.NewTempApp(t)
	defer theme.SetMode(theme.ModeLight)
	rng := rand.New(rand.NewPCG(6, 6))
	dir := t.TempDir()
	var table strings.Builder
	table.WriteString("| Pixels a module | Light window | Dark window |\n| --- | --- | --- |\n")
	read, all := 0, 0
	for module := 3; module <= 10; module++ {
		fmt.Fprintf(&table, "| %d |", module)
		for _, mode := range []theme.Mode{theme.ModeLight, theme.ModeDark} {
			theme.SetMode(mode)
			texts := map[string]string{}
			for i := range 10 {
				text := longCard(rng, 88+i*12)
				path := filepath.Join(dir, fmt.Sprintf("%d-%s-%d.png", module, mode, i))
				snapCode(t, path, text, module)
				texts[path] = text
			}
			n := zbar(t, texts)
			fmt.Fprintf(&table, " %d of %d |", n, len(texts))
			read, all = read+n, all+len(texts)
		}
		table.WriteString("\n")
	}
	if read*100 < all*99 {
		t.Errorf("zbarimg reads %d of %d\n%s", read, all, table.String())
	}
	if *writeZbar {
		writeRates(t, "zbar", table.String())
	}
}

func longCard(rng *rand.Rand, length int) string {
	b := []byte("TACIT1:")
	for range length {
		b = append(b, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[rng.IntN(32)])
	}
	return string(b)
}

// snapCode writes what the window shows of a card.
func snapCode(t *testing.T, path, text string, module int) {
	t.Helper()
	v := NewQRView()
	if err := v.SetText(text); err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side := float32((code.Size + 2*qrQuiet) * module)
	v.Resize(fyne.NewSquareSize(side))
	v.Move(fyne.NewPos(24, 24))
	ground := canvas.NewRectangle(theme.Current().Surface)
	ground.Resize(fyne.NewSquareSize(side + 48))
	w := test.NewTempWindow(t, container.NewWithoutLayout(ground, v))
	w.SetPadded(false)
	w.Resize(fyne.NewSquareSize(side + 48))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// zbar returns how many of the pictures zbarimg reads rightly.
func zbar(t *testing.T, texts map[string]string) int {
	t.Helper()
	n := 0
	for path, text := range texts {
		out, err := exec.Command("zbarimg", "--quiet", "--raw", path).Output()
		if _, ran := err.(*exec.ExitError); err != nil && !ran {
			t.Fatalf("zbarimg (packaging/setup.sh test installs it): %v", err)
		}
		if strings.TrimSpace(string(out)) == text {
			n++
		}
	}
	return n
}

// writeRates puts a table between its two marks on the page.
func writeRates(t *testing.T, name, table string) {
	t.Helper()
	const page = "../../docs/qr.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for %s", page, name)
	}
	if err := os.WriteFile(page, []byte(head+begin+table+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
