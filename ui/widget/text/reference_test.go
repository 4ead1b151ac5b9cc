package text

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode/utf16"

	"tacit/ui/theme"

	"fyne.io/fyne/v2"
)

// chromium is the browser that TestReference asks: make run-order.
var chromium = flag.String("chromium", "", "write the reference of the run order anew, with this `browser`")

// fontsOfPage are the fonts of ordinary text in the order in which they are asked.
var fontsOfPage = []struct {
	name string
	data func() []byte
}{
	{"Plex", theme.Regular}, {"Hebrew", theme.Hebrew}, {"Noto", func() []byte { return fyneFont(fyne.TextStyle{}) }},
	{"Emoji", theme.Emoji}, {"Symbols", func() []byte { return fyneFont(fyne.TextStyle{Symbol: true}) }},
}

// measure is the script of the page: it finds where each grapheme stands by the client
// rectangles of its range, and replaces the page by what it found.
const measure = `
async function measure() {
  const families = [...document.fonts].map(f => f.family);
  await Promise.all([...document.fonts].map(f => f.load()));
  const out = [];
  for (const text of JSON.parse(document.getElementById("texts").textContent)) {
    const parts = [...new Intl.Segmenter("en", {granularity: "grapheme"}).segment(text)];
    const places = WIDTHS.map(width => {
      const p = document.createElement("p");
      p.style.width = (width || 20000) + "px";
      p.textContent = text;
      document.body.append(p);
      const range = document.createRange(), node = p.firstChild, found = [];
      parts.forEach((part, i) => {
        range.setStart(node, part.index);
        range.setEnd(node, part.index + part.segment.length);
        let best = null;
        for (const r of range.getClientRects()) if (!best || r.width > best.width) best = r;
        if (best && best.width > 0) found.push([i, best.left, best.top, best.width]);
      });
      p.remove();
      return found;
    });
    out.push({starts: parts.map(p => p.index), places});
  }
  document.body.textContent = "BEGIN" + JSON.stringify({families, out}) + "END";
}
measure();`

// page is the page that a browser lays out, with its fonts beside it in dir.
func page(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<!doctype html><meta charset=utf-8><style>\n")
	var names []string
	for _, f := range fontsOfPage {
		if err := os.WriteFile(filepath.Join(dir, f.name+".ttf"), f.data(), 0o600); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "@font-face { font-family: Page%s; src: url(%s.ttf) }\n", f.name, f.name)
		names = append(names, "Page"+f.name)
	}
	fmt.Fprintf(&b, "body, p { margin: 0 } p { font: %vpx/%vpx %s; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; text-rendering: geometricPrecision }\n</style><body>",
		theme.Body.Size, theme.Body.LineHeight, strings.Join(names, ", "))
	texts := make([]string, len(hardStrings))
	for i, s := range hardStrings {
		texts[i] = s.text
	}
	data, err := json.Marshal(texts) // escapes what would end the element
	if err != nil {
		t.Fatal(err)
	}
	widths, _ := json.Marshal(orderWidths)
	fmt.Fprintf(&b, "<script type='application/json' id=texts>%s</script><script>const WIDTHS = %s;%s</script>", data, widths, measure)
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A placed is a grapheme where a browser put it: index, left, top, width.
type placed [4]float64

// TestReference asks a browser and writes the reference. Without -chromium it proves that
// what a browser says is read as it is meant.
func TestReference(t *testing.T) {
	if *chromium == "" {
		got := linesOf([]placed{{2, 0, 0, 9}, {1, 9, 0.4, 9}, {0, 18, 0, 9}, {3, -5, 0, 5}, {4, 9, 22, 5}}, []rune("אבג d"), []int{0, 1, 2, 3, 4})
		if want := []string{"2-0", "4"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(*chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
		"--force-device-scale-factor=1", "--user-data-dir="+filepath.Join(dir, "profile"), "--virtual-time-budget=60000", "--dump-dom",
		"file://"+page(t, dir))
	dom, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s)BEGIN(.*)END`).FindSubmatch(dom)
	if found == nil {
		t.Fatalf("the browser measured nothing: %.2000s", dom)
	}
	var said struct {
		Out []struct {
			Starts []int
			Places [][]placed
		}
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &said); err != nil {
		t.Fatal(err)
	}
	var all []reference
	for n, s := range hardStrings {
		starts, lengths := inRunes(s.text, said.Out[n].Starts)
		r := reference{Text: s.text, Graphemes: lengths}
		for _, places := range said.Out[n].Places {
			r.Lines = append(r.Lines, linesOf(places, []rune(s.text), starts))
		}
		all = append(all, r)
	}
	writeReference(t, all)
}

// writeReference writes one string a line, so that a difference can be read.
func writeReference(t *testing.T, all []reference) {
	t.Helper()
	var b bytes.Buffer
	for i, r := range all {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0])
		b.Write(line)
	}
	b.WriteString("\n]\n")
	if err := os.WriteFile(referenceFile, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// inRunes turns the beginnings of graphemes in UTF-16 into beginnings and lengths in runes.
func inRunes(s string, starts []int) (from, lengths []int) {
	units := utf16.Encode([]rune(s))
	for i, start := range starts {
		end := len(units)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		from = append(from, len(utf16.Decode(units[:start])))
		lengths = append(lengths, len(utf16.Decode(units[start:end])))
	}
	return from, lengths
}

// linesOf groups what a browser placed into lines, from left to right, without the white
// space that ends a line.
func linesOf(places []placed, rs []rune, starts []int) (out []string) {
	lines := map[int][]placed{}
	var tops []int
	for _, p := range places {
		n := int(p[2]/float64(theme.Body.LineHeight) + 0.5)
		if lines[n] == nil {
			tops = append(tops, n)
		}
		lines[n] = append(lines[n], p)
	}
	sort.Ints(tops)
	for _, n := range tops {
		line := lines[n]
		sort.SliceStable(line, func(i, j int) bool { return line[i][1]+line[i][3]/2 < line[j][1]+line[j][3]/2 })
		last, hangs := 0, map[int]bool{}
		for _, p := range line {
			last = max(last, int(p[0]))
		}
		for ; last > 0 && (isHanging(rs[starts[last]]) || isInvisible(rs[starts[last]])); last-- {
			hangs[last] = true
		}
		var order []int
		for _, p := range line {
			if !hangs[int(p[0])] {
				order = append(order, int(p[0]))
			}
		}
		out = append(out, spell(order))
	}
	return out
}
