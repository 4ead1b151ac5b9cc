package text

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"tacit/ui/theme"
)

var families = []theme.Family{theme.FamilyPlain, theme.FamilyClear, theme.FamilyBook}

// facesIn are the faces of a text, each once.
func facesIn(b *Block) []faceID {
	var all []faceID
	for _, l := range b.Lines {
		for _, r := range l.runs {
			if !slices.Contains(all, r.face) {
				all = append(all, r.face)
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestEachFamilyHasFacesForEveryScript(t *testing.T) {
	const latin, arabic, hebrewText, cyrillic = "Il1 O0 é", "سلام", "שלום", "Жя"
	for _, c := range []struct {
		family                    theme.Family
		semibold                  bool
		latin, arabic, heb, other faceID
	}{
		{theme.FamilyPlain, false, plex, plex, hebrew, noto},
		{theme.FamilyPlain, true, plexSemibold, plexSemibold, hebrewSemibold, notoBold},
		{theme.FamilyClear, false, clear, plex, hebrew, noto},
		{theme.FamilyClear, true, clearSemibold, plexSemibold, hebrewSemibold, notoBold},
		{theme.FamilyBook, false, book, book, hebrew, noto},
		{theme.FamilyBook, true, bookSemibold, bookSemibold, hebrewSemibold, notoBold},
	} {
		st := Style{Size: 15, LineHeight: 22, Semibold: c.semibold, Family: c.family}
		for s, want := range map[string]faceID{latin: c.latin, arabic: c.arabic, hebrewText: c.heb, cyrillic: c.other} {
			if got := facesIn(Layout(s, st, Options{})); !slices.Equal(got, []faceID{want}) {
				t.Errorf("%q, semibold %t: %q in faces %v, want %v", c.family, c.semibold, s, got, want)
			}
		}
		cut := Layout(latin+latin+latin, st, Options{Width: 60, MaxLines: 1})
		if got := facesIn(cut); !cut.Truncated || !slices.Equal(got, []faceID{c.latin}) {
			t.Errorf("%q: cut text in faces %v", c.family, got)
		}
	}
}

// TestInkStaysInItsLines: no family has letters or marks that its line and the margin of
// a picture around it would cut.
func TestInkStaysInItsLines(t *testing.T) {
	words := []string{"ÅÊÉÇ Ǻ gjpqyß", "لَآ إِلَٰهَ سُبْحَانَهُ", "مُحَمَّدٌ يَقْرَأُ أُغْنِيَّةً", "پژچگ ﷺ لإلى"}
	styles := []*theme.TextStyle{&theme.Display, &theme.Title, &theme.Heading, &theme.Body, &theme.UI, &theme.UIBold, &theme.Small, &theme.Caption}
	t.Cleanup(func() {
		theme.SetLetters(theme.FamilyPlain)
		theme.SetScale(1)
	})
	for _, f := range families {
		theme.SetLetters(f)
		for _, scale := range []float32{0.8, 1, 2} {
			theme.SetScale(scale)
			for _, st := range styles {
				for _, s := range words {
					b := Layout(s, *st, Options{})
					if above, below := outside(b); float32(max(above, below)) > b.Overhang() {
						t.Errorf("%q at %v, size %v: %q stands out by %d and %d, more than %v", f, scale, st.Size, s, above, below, b.Overhang())
					}
				}
			}
		}
	}
}

// outside is by how many pixels ink stands out above and below a block.
func outside(b *Block) (above, below int) {
	const room = 40
	img := image.NewRGBA(image.Rect(0, 0, int(b.Width)+2*room, int(b.Height)+2*room))
	b.Draw(img, room, room, 1, color.NRGBA{A: 255})
	const faint = 48 // of 255: nobody misses it
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, y).A > faint {
				above = max(above, room-y)
				below = max(below, y-room-int(b.Height)+1)
			}
		}
	}
	return above, below
}
