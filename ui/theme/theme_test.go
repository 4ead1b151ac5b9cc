package theme

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"
)

// restore puts back what a test changes in the state of the process.
func restore(t *testing.T) {
	t.Cleanup(func() {
		SetScale(1)
		SetLetters(FamilyPlain)
		SetRTL(false)
		SetReducedMotion(false)
		follow(fynetheme.VariantLight)
		SetMode(ModeSystem)
	})
}

func TestModes(t *testing.T) {
	restore(t)
	follow(fynetheme.VariantDark)
	for _, c := range []struct {
		mode Mode
		want *Palette
	}{
		{ModeSystem, &Dark}, {ModeLight, &Light}, {ModeDark, &Dark}, {"sepia", &Dark},
	} {
		if SetMode(c.mode); Current() != c.want {
			t.Errorf("%q does not give the expected palette", c.mode)
		}
	}
	if Choice() != ModeSystem {
		t.Errorf("an unknown mode counts as %q", Choice())
	}
}

// settings is a Fyne whose desktop can be made to answer.
type settings struct {
	fyne.Settings
	variant  fyne.ThemeVariant
	listener func(fyne.Settings)
	applied  int
}

func (s *settings) ThemeVariant() fyne.ThemeVariant   { return s.variant }
func (s *settings) AddListener(f func(fyne.Settings)) { s.listener = f }
func (s *settings) SetTheme(fyne.Theme)               { s.applied++; s.notify() }
func (s *settings) notify() {
	if s.listener != nil {
		s.listener(s)
	}
}

type desktopApp struct {
	fyne.App
	s *settings
}

func (a desktopApp) Settings() fyne.Settings { return a.s }

func TestInstallFollowsTheDesktop(t *testing.T) {
	restore(t)
	s := &settings{variant: fynetheme.VariantDark}
	Install(desktopApp{s: s})
	if Current() != &Light {
		t.Fatal("an unknown desktop is not treated as light")
	}
	Apply(desktopApp{s: s})
	if Current() != &Light {
		t.Fatal("the own change of theme was taken for the desktop's answer")
	}
	before := s.applied
	s.notify()
	if Current() != &Dark || s.applied != before+1 {
		t.Fatal("the desktop's dark is not followed by one redraw")
	}
	s.variant = fynetheme.VariantLight
	s.notify()
	if Current() != &Light {
		t.Fatal("the desktop's change to light is not followed")
	}
}

func TestScaleMultipliesTypeOnly(t *testing.T) {
	restore(t)
	for _, c := range []struct{ set, size, line, button float32 }{
		{1, 15, 22, 40}, {2, 30, 44, 60}, {0.8, 12, 18, 36}, {9, 30, 44, 60}, {0.1, 12, 18, 36},
	} {
		SetScale(c.set)
		if Body.Size != c.size || Body.LineHeight != c.line || ButtonHeight() != c.button {
			t.Errorf("at %v: body %v/%v, button %v; want %v/%v, %v",
				c.set, Body.Size, Body.LineHeight, ButtonHeight(), c.size, c.line, c.button)
		}
	}
}

// TestLetters: a choice of letters is for every text but codes, and changes no measure.
func TestLetters(t *testing.T) {
	restore(t)
	SetScale(1.5)
	body, code := Body, Code
	for _, c := range []struct{ set, want Family }{
		{FamilyClear, FamilyClear}, {FamilyBook, FamilyBook}, {"fraktur", FamilyPlain}, {FamilyPlain, FamilyPlain},
	} {
		if SetLetters(c.set); Letters() != c.want {
			t.Errorf("%q counts as %q", c.set, Letters())
		}
		body.Family = c.want
		if Body != body || Code != code || CodeTyped.Family != FamilyPlain || Safety.Family != FamilyPlain {
			t.Errorf("%q: body %+v, code %+v", c.set, Body, Code)
		}
		has := fyne.TextStyle{Bold: true}
		if f, err := font.ParseTTF(bytes.NewReader(New().Font(has).Content())); err != nil {
			t.Error(err)
		} else if _, ok := f.NominalGlyph('س'); !ok {
			t.Errorf("%q: what Fyne draws has no Arabic", c.set)
		}
	}
}

func TestHeightsAtNormalSize(t *testing.T) {
	for name, c := range map[string][2]float32{
		"button": {ButtonHeight(), 40}, "field": {FieldHeight(), 44}, "header": {HeaderHeight(), 56},
		"row": {RowHeight(), 68}, "menu item": {MenuItemHeight(), 36},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %v high, want %v", name, c[0], c[1])
		}
	}
}

func TestStartMirrors(t *testing.T) {
	restore(t)
	if x := Start(20, 40, 300); x != 20 {
		t.Errorf("start edge at %v, want 20", x)
	}
	SetRTL(true)
	if x := Start(20, 40, 300); x != 240 {
		t.Errorf("mirrored start edge at %v, want 240", x)
	}
}

func TestReducedMotion(t *testing.T) {
	restore(t)
	if Motion(PaneTime) != PaneTime {
		t.Error("movement is reduced unasked")
	}
	if SetReducedMotion(true); Motion(PaneTime) != 0 {
		t.Error("movement is not reduced")
	}
}

func TestFontsHaveWhatTheyAreFor(t *testing.T) {
	for name, c := range map[string]struct {
		ttf  []byte
		want string
	}{
		"regular":         {Regular(), "AzéŒ0…«»سلام،؟"},
		"semibold":        {Semibold(), "Azé0سلام"},
		"clear":           {Clear(), "AzéŒ0O1lI…«»€ğşİ"},
		"clear, semibold": {ClearSemibold(), "AzéŒ0O1lI"},
		"book":            {Book(), "AzéŒ0…«»سلام،؟پچگَُِّ"},
		"book, semibold":  {BookSemibold(), "Azé0سلام"},
		"hebrew":          {Hebrew(), "שלום"},
		"emoji":           {Emoji(), "👋🏽❤"},
	} {
		f, err := font.ParseTTF(bytes.NewReader(c.ttf))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, r := range c.want {
			if _, ok := f.NominalGlyph(r); !ok {
				t.Errorf("%s has no glyph for %q", name, r)
			}
		}
	}
}

// draw paints one icon at twice its grid on the paper of the theme.
func draw(t *testing.T, r fyne.Resource) *image.NRGBA {
	t.Helper()
	test.NewTempApp(t)
	img := canvas.NewImageFromResource(r)
	img.Resize(fyne.NewSize(48, 48))
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(img)
	c.Resize(fyne.NewSize(48, 48))
	painted := c.Capture()
	out := image.NewNRGBA(painted.Bounds())
	for y := range painted.Bounds().Dy() {
		for x := range painted.Bounds().Dx() {
			out.Set(x, y, painted.At(x, y))
		}
	}
	return out
}

func TestIconsAreStrokedInTheirColour(t *testing.T) {
	restore(t)
	ink := rgb(0xA1262C)
	for name := range drawings {
		img := draw(t, Icon(name, ink))
		exact, all := 0, 0
		ground := img.NRGBAAt(0, 0)
		for y := range 48 {
			for x := range 48 {
				c := img.NRGBAAt(x, y)
				if near(c, ink) {
					exact++
				}
				if !near(c, ground) {
					all++
				}
			}
		}
		if exact == 0 {
			t.Errorf("%s: nothing is drawn in the colour asked for", name)
		}
		if all > 48*48/2 {
			t.Errorf("%s: %d pixels are covered: filled, not stroked", name, all)
		}
	}
}

// near allows for the antialiasing of a thin stroke.
func near(a, b color.NRGBA) bool {
	d := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return d(a.R, b.R) <= 16 && d(a.G, b.G) <= 16 && d(a.B, b.B) <= 16
}

func TestDirectionalIconsMirror(t *testing.T) {
	restore(t)
	for name, d := range drawings {
		SetRTL(false)
		plain := draw(t, Icon(name, Light.Ink))
		SetRTL(true)
		mirrored := draw(t, Icon(name, Light.Ink))
		if same := bytes.Equal(plain.Pix, mirrored.Pix); same == d.mirrors {
			t.Errorf("%s: the same in both directions: %t, want %t", name, same, !d.mirrors)
		}
	}
}

func TestStockWidgetsHonourTheTheme(t *testing.T) {
	restore(t)
	SetMode(ModeDark)
	th := New()
	for name, want := range map[fyne.ThemeColorName]color.NRGBA{
		fynetheme.ColorNameBackground:      Dark.Paper,
		fynetheme.ColorNameInputBackground: Dark.Surface,
		fynetheme.ColorNamePrimary:         Dark.Accent,
		fynetheme.ColorNameSelection:       Dark.Selection,
	} {
		if got := th.Color(name, fynetheme.VariantLight); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if th.Font(fyne.TextStyle{Bold: true}) != semiboldFont || th.Font(fyne.TextStyle{Italic: true}) != regularFont {
		t.Error("a style has another font than the family's")
	}
	SetScale(2)
	if th.Size(fynetheme.SizeNameText) != 28 {
		t.Errorf("stock text is %v at 200 %%, want 28", th.Size(fynetheme.SizeNameText))
	}
}

// TestListColumn: the list grows with the text and leaves the page the larger part.
func TestListColumn(t *testing.T) {
	defer SetScale(Scale())
	for _, c := range []struct{ scale, window, want float32 }{
		{1, 1180, 304}, {1, 4000, 304}, {0.8, 1180, 304},
		{1.5, 1180, 456}, {2, 1180, 472}, {2, 4000, 608}, {2, 720, 304},
	} {
		SetScale(c.scale)
		if got := ListColumn(c.window); got != c.want {
			t.Errorf("at %v in %v: %v, want %v", c.scale, c.window, got, c.want)
		}
	}
}
