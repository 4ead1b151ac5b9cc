package theme

import (
	"image/color"
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.
func luminance(c color.NRGBA) float64 {
	channel := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

const (
	forText     = 4.5
	forBoundary = 3.0
)

func TestContrast(t *testing.T) {
	for name, p := range map[string]*Palette{"light": &Light, "dark": &Dark} {
		surfaces := map[string]color.NRGBA{
			"paper": p.Paper, "list": p.List, "surface": p.Surface,
			"own": p.Own, "theirs": p.Theirs, "selected": p.Selected,
		}
		inks := map[string]color.NRGBA{
			"ink": p.Ink, "ink-2": p.Ink2, "ink-3": p.Ink3, "link": p.Link,
			"danger": p.Danger, "warning": p.Warning, "success": p.Success, "accent": p.Accent,
		}
		for on, surface := range surfaces {
			for what, ink := range inks {
				if got := contrast(ink, surface); got < forText {
					t.Errorf("%s: %s on %s: %.2f, want %.1f", name, what, on, got, forText)
				}
			}
			if got := contrast(p.Field, surface); got < forBoundary {
				t.Errorf("%s: field on %s: %.2f, want %.1f", name, on, got, forBoundary)
			}
			// The hover wash lies over the surface and under the text.
			washed := over(p.Hover, surface)
			if got := contrast(p.Ink2, washed); got < forText {
				t.Errorf("%s: ink-2 on hovered %s: %.2f, want %.1f", name, on, got, forText)
			}
			if got := contrast(p.Ink, over(p.Selection, surface)); got < forText {
				t.Errorf("%s: ink on selected text in %s: %.2f, want %.1f", name, on, got, forText)
			}
		}
		for what, pair := range map[string][2]color.NRGBA{
			"on-accent":           {p.OnAccent, p.Accent},
			"on-accent, pressed":  {p.OnAccent, p.Press(p.Accent)},
			"on-danger":           {p.OnDanger, p.Danger},
			"on-danger, pressed":  {p.OnDanger, p.Press(p.Danger)},
			"monogram":            {p.Ink2, p.Hairline},
			"disabled button":     {p.Ink3, p.List},
			"code of a QR":        {QRInk, QRPlate},
			"number of unread":    {p.OnAccent, p.Accent},
			"countdown on a card": {p.Accent, p.Surface},
		} {
			if got := contrast(pair[0], pair[1]); got < forText {
				t.Errorf("%s: %s: %.2f, want %.1f", name, what, got, forText)
			}
		}
	}
}

// TestContrastInBubbles: what stands in a bubble on a ground of its own can be read, on
// either side of the thread.
func TestContrastInBubbles(t *testing.T) {
	for name, p := range map[string]*Palette{"light": &Light, "dark": &Dark} {
		for of, bubble := range map[string]color.NRGBA{"own": p.Own, "theirs": p.Theirs} {
			inset, hit := over(p.Inset(), bubble), over(p.Hit(), bubble)
			for what, pair := range map[string][2]color.NRGBA{
				"ink in a quote": {p.Ink, inset}, "ink-2 in a quote": {p.Ink2, inset}, "words of a gone quote": {p.Ink3, bubble},
				"link in code": {p.Link, inset}, "ink of a hit": {p.Ink, hit}, "link of a hit": {p.Link, hit},
			} {
				if got := contrast(pair[0], pair[1]); got < forText {
					t.Errorf("%s, %s: %s: %.2f, want %.1f", name, of, what, got, forText)
				}
			}
			for what, pair := range map[string][2]color.NRGBA{
				"bar of a quote": {p.Accent, bubble}, "bar of a gone one": {p.Ink3, bubble}, "icon of a file": {p.Accent, over(p.Tint(), bubble)},
			} {
				if got := contrast(pair[0], pair[1]); got < forBoundary {
					t.Errorf("%s, %s: %s: %.2f, want %.1f", name, of, what, got, forBoundary)
				}
			}
		}
	}
}

// TestContrastOfStates: what is hovered, pressed, chosen, focused or typed into can be told
// and read on every ground. What is disabled is exempt, as WCAG has it; so are hairlines and
// the bar of a scroll, which say nothing that is not said otherwise.
func TestContrastOfStates(t *testing.T) {
	for name, p := range map[string]*Palette{"light": &Light, "dark": &Dark} {
		for on, ground := range map[string]color.NRGBA{
			"paper": p.Paper, "list": p.List, "surface": p.Surface, "own": p.Own, "theirs": p.Theirs, "selected": p.Selected,
		} {
			hovered := over(p.Hover, ground)
			for what, c := range map[string]struct {
				ink, ground color.NRGBA
				want        float64
			}{
				"text":                     {p.Ink, hovered, forText},
				"text button":              {p.Link, hovered, forText},
				"danger button":            {p.Danger, hovered, forText},
				"edge of a button":         {p.Field, hovered, forBoundary},
				"focus ring":               {p.Accent, ground, forBoundary},
				"edge of a field in error": {p.Danger, ground, forBoundary},
				"link, selected":           {p.Link, over(p.Selection, ground), forText},
				"times, selected":          {p.Ink3, over(p.Selection, ground), forBoundary},
			} {
				if got := contrast(c.ink, c.ground); got < c.want {
					t.Errorf("%s: %s on %s: %.2f, want %.1f", name, what, on, got, c.want)
				}
			}
		}
		for on, ground := range map[string]color.NRGBA{"list": p.List, "surface": p.Surface, "paper": p.Paper} { // rows light up, bubbles do not
			if got := contrast(p.Ink3, over(p.Hover, ground)); got < forText {
				t.Errorf("%s: times on hovered %s: %.2f, want %.1f", name, on, got, forText)
			}
		}
		if got := contrast(p.OnAccent, p.Accent); got < forBoundary {
			t.Errorf("%s: knob of a switch that is on: %.2f", name, got)
		}
	}
}

// TestContrastOfVoiceNotes: the speed on its plate, the waves and the recording can be told.
func TestContrastOfVoiceNotes(t *testing.T) {
	for name, p := range map[string]*Palette{"light": &Light, "dark": &Dark} {
		for of, bubble := range map[string]color.NRGBA{"own": p.Own, "theirs": p.Theirs} {
			plate := over(p.Tint(), bubble)
			for what, c := range map[string]struct {
				ink, ground color.NRGBA
				want        float64
			}{
				"speed":         {p.Ink2, plate, forText},
				"play":          {p.Accent, plate, forBoundary},
				"length":        {p.Ink3, bubble, forText},
				"wave, played":  {p.Accent, bubble, forBoundary},
				"wave, to come": {p.Field, bubble, forBoundary},
			} {
				if got := contrast(c.ink, c.ground); got < c.want {
					t.Errorf("%s, %s: %s: %.2f, want %.1f", name, of, what, got, c.want)
				}
			}
		}
		if got := contrast(p.Danger, p.Surface); got < forBoundary {
			t.Errorf("%s: the dot of a recording: %.2f", name, got)
		}
	}
}

// over is what c looks like on an opaque ground.
func over(c, ground color.NRGBA) color.NRGBA {
	a := float32(c.A) / 255
	c.A = 255
	return Mix(ground, c, a)
}

func TestContrastKnownValues(t *testing.T) {
	for _, c := range []struct {
		a, b uint32
		want float64
	}{
		{0x000000, 0xFFFFFF, 21.0},
		{0x777777, 0xFFFFFF, 4.48}, // the grey that famously fails
		{0x1B2227, 0xFBFAF7, 15.4},
	} {
		if got := contrast(rgb(c.a), rgb(c.b)); math.Abs(got-c.want) > 0.05 {
			t.Errorf("contrast of %06x on %06x = %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func TestPress(t *testing.T) {
	if l := luminance(Light.Press(Light.Accent)); l >= luminance(Light.Accent) {
		t.Error("a pressed button is not darker in the light palette")
	}
	if l := luminance(Dark.Press(Dark.Accent)); l <= luminance(Dark.Accent) {
		t.Error("a pressed button is not lighter in the dark palette")
	}
}
