package theme

import "image/color"

// Palette names every colour of the window by its use.
type Palette struct {
	Paper    color.NRGBA // window, thread
	List     color.NRGBA // chat list, quiet boxes, tracks
	Surface  color.NRGBA // cards, fields, menus
	Theirs   color.NRGBA // incoming bubble
	Own      color.NRGBA // own bubble
	Selected color.NRGBA // selected chat row

	Ink  color.NRGBA // text
	Ink2 color.NRGBA // secondary text, icons, dots
	Ink3 color.NRGBA // times, placeholders, state glyphs

	Accent   color.NRGBA // primary button, caret, focus, unread
	OnAccent color.NRGBA // text on Accent
	Link     color.NRGBA // links, text buttons
	Danger   color.NRGBA // failed, mismatch, delete
	OnDanger color.NRGBA // text on Danger
	Warning  color.NRGBA // "read this first"
	Success  color.NRGBA // only "codes match" and "copied"

	Hairline  color.NRGBA // separators, card edges: decoration, below any contrast rule
	Field     color.NRGBA // edge of anything one can type into or press
	Hover     color.NRGBA // wash, laid over a surface
	Selection color.NRGBA // under selected text, laid over a surface

	TheirsEdge color.NRGBA // stroke of the incoming bubble, transparent where it needs none
	Scrim      color.NRGBA // Paper at 60 %, under a dialog
	Dark       bool
}

// Light and Dark are the two palettes. They are never written to.
var (
	Light = Palette{
		Paper:    rgb(0xFBFAF7),
		List:     rgb(0xF4F2EC),
		Surface:  rgb(0xFFFFFF),
		Theirs:   rgb(0xFFFFFF),
		Own:      rgb(0xE4EDF2),
		Selected: rgb(0xE4EDF2),

		Ink:  rgb(0x1B2227),
		Ink2: rgb(0x4F5A62),
		Ink3: rgb(0x5D676F),

		Accent:   rgb(0x1D5470),
		OnAccent: rgb(0xFFFFFF),
		Link:     rgb(0x17567A),
		Danger:   rgb(0xA1262C),
		OnDanger: rgb(0xFFFFFF),
		Warning:  rgb(0x7A5200),
		Success:  rgb(0x26654A),

		Hairline:  rgb(0xE3DFD5),
		Field:     rgb(0x797F82),
		Hover:     Alpha(rgb(0x1B2227), 0.05),
		Selection: Alpha(rgb(0x9CC3D8), 0.40),

		TheirsEdge: rgb(0xE3DFD5),
		Scrim:      Alpha(rgb(0xFBFAF7), 0.60),
	}
	Dark = Palette{
		Paper:    rgb(0x15191C),
		List:     rgb(0x1A1F23),
		Surface:  rgb(0x20262B),
		Theirs:   rgb(0x22292E),
		Own:      rgb(0x1F3B4D),
		Selected: rgb(0x24343F),

		Ink:  rgb(0xE8EBED),
		Ink2: rgb(0xB0B9BF),
		Ink3: rgb(0x9DA8AF),

		Accent:   rgb(0x8FC3DE),
		OnAccent: rgb(0x0D1B24),
		Link:     rgb(0x9CCBE4),
		Danger:   rgb(0xF2A09A),
		OnDanger: rgb(0x2A0B0A),
		Warning:  rgb(0xE5BC72),
		Success:  rgb(0x8FCFAC),

		Hairline:  rgb(0x2E363C),
		Field:     rgb(0x848F97),
		Hover:     Alpha(rgb(0xFFFFFF), 0.05),
		Selection: Alpha(rgb(0x4D86A3), 0.34),

		Scrim: Alpha(rgb(0x15191C), 0.60),
		Dark:  true,
	}
)

// QRInk and QRPlate are the colours of a QR code, the same in both palettes: cameras
// read dark on light best.
var (
	QRInk   = rgb(0x1B2227)
	QRPlate = rgb(0xFFFFFF)
)

// Press is c as it looks under the pointer and while pressed: 8 % darker in the light
// palette, 8 % lighter in the dark one.
func (p *Palette) Press(c color.NRGBA) color.NRGBA {
	if p.Dark {
		return Mix(c, color.NRGBA{R: 255, G: 255, B: 255, A: c.A}, 0.08)
	}
	return Mix(c, color.NRGBA{A: c.A}, 0.08)
}

// Alpha returns c with the given opacity, 0 to 1.
func Alpha(c color.NRGBA, opacity float32) color.NRGBA {
	c.A = uint8(opacity*255 + 0.5)
	return c
}

// Mix returns the colour that lies the share t (0 to 1) of the way from a to b.
func Mix(a, b color.NRGBA, t float32) color.NRGBA {
	mix := func(x, y uint8) uint8 {
		return uint8(float32(x) + (float32(y)-float32(x))*t + 0.5)
	}
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: mix(a.A, b.A)}
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// Inset is the ground of what stands in a bubble as a thing of its own: a quote, code.
func (p *Palette) Inset() color.NRGBA { return Alpha(p.Ink, 0.05) }

// Hit is the ground of what a search found.
func (p *Palette) Hit() color.NRGBA { return Alpha(p.Warning, 0.18) }

// Tint is the ground of the button of a file.
func (p *Palette) Tint() color.NRGBA { return Alpha(p.Accent, 0.12) }
