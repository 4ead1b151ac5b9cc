package scan

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// writeRates makes the whole corpus and writes its figures into docs/qr.md:
//
//	go test ./ui/pairing/scan -run TestReadRates -timeout 30m -write-rates
var writeRates = flag.Bool("write-rates", false, "read the whole corpus and write its table into docs/qr.md")

const page = "../../../docs/qr.md"

// tally is what became of the pictures of one kind.
type tally struct {
	n, read, first int // first: in the way that is tried first
	took           time.Duration
}

// TestReadRates reads a sixth of the corpus, or all of it.
func TestReadRates(t *testing.T) {
	step := 6
	if *writeRates {
		step = 1
	}
	kinds := map[string]*tally{}
	var all tally
	for _, s := range shots(step) {
		k := kinds[s.kind.name]
		if k == nil {
			k = &tally{}
			kinds[s.kind.name] = k
		}
		img := s.scene.render(t, encode(t, s.text), s.seed)
		_, first := try(img, 0)
		start := time.Now()
		code, err := Read(t.Context(), img)
		took := time.Since(start)
		for _, x := range []*tally{k, &all} {
			x.n++
			x.took += took
			if first {
				x.first++
			}
			if err == nil {
				x.read++
			}
		}
		switch {
		case err != nil:
			t.Log("not read:", s)
		case code.Text != s.text:
			t.Errorf("read as something else: %v", s)
		}
	}
	if all.read*100 < all.n*95 {
		t.Errorf("%d of %d are read, fewer than 95 %%", all.read, all.n)
	}
	for name, k := range kinds {
		if k.read*100 < k.n*80 {
			t.Errorf("%s: %d of %d", name, k.read, k.n)
		}
	}
	t.Logf("%d of %d, %d at the first try, %v each", all.read, all.n, all.first, all.took/time.Duration(all.n))
	if *writeRates {
		writeTable(t, kinds, all)
	}
}

func writeTable(t *testing.T, kinds map[string]*tally, all tally) {
	t.Helper()
	var b strings.Builder
	b.WriteString("| Kind | Bounds | Pictures | Read | Read in the first way | Time a picture |\n| --- | --- | --- | --- | --- | --- |\n")
	line := func(name, says string, k tally) {
		fmt.Fprintf(&b, "| %s | %s | %d | %.1f %% | %.1f %% | %d ms |\n", name, says, k.n,
			100*float64(k.read)/float64(k.n), 100*float64(k.first)/float64(k.n), (k.took / time.Duration(k.n)).Milliseconds())
	}
	for _, k := range corpus {
		line(k.name, k.says, *kinds[k.name])
	}
	line("**all**", "", all)
	replaceTable(t, "rates", b.String())
}

// replaceTable replaces what stands between two marks of the page.
func replaceTable(t *testing.T, name, table string) {
	t.Helper()
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
