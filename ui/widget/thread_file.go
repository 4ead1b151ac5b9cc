package widget

import (
	"image"
	"image/color"
	"strings"

	"tacit/ui/theme"
	"tacit/ui/widget/text"
)

const (
	discSize     float32 = 40 // of the button of a file
	discIcon             = theme.IconAction
	ringWidth    float32 = 2.5
	fileGap              = theme.Space12 - theme.Space2
	pictureInset         = theme.Space4
	pictureMax   float32 = 320
	pictureMin   float32 = 96 // of a side: thinner ones are cut
	pictureOr    float32 = 240
	captionLeast float32 = 200 // words below a picture have so much room
	radiusInset          = theme.RadiusBubble - pictureInset
)

// fileBox is the file of a message inside its bubble: a row with a button, or a picture.
type fileBox struct {
	of            *ThreadFile
	picture       bool
	rtl           bool
	y             float32
	width, height float32 // of the row, or of the picture with the line below it
	natural       float32 // width that the content of the bubble must have
	frame         float32 // height of the picture alone
	name, detail  *text.Block
	cut           bool // the name has no room
	voice         *voiceBox
}

func layFile(f *ThreadFile, inner float32, rtl bool) *fileBox {
	b := &fileBox{of: f, picture: f.Picture, rtl: rtl}
	switch {
	case b.picture:
		b.layPicture(inner)
		return b
	case f.Voice != nil:
		b.rtl = false
		b.layVoice(inner)
		return b
	}
	room := inner - discSize - fileGap
	name := fitName(f.Name, theme.UIBold, room)
	b.cut = name != f.Name
	b.name = text.Layout(name, theme.UIBold, text.Options{Width: room, MaxLines: 1, RTL: rtl})
	b.detail = text.Layout(f.Detail, theme.Caption, text.Options{Width: room, MaxLines: 2, RTL: rtl})
	b.height = max(discSize, b.name.Height+b.detail.Height)
	b.natural = discSize + fileGap + max(b.name.Width, b.detail.Width)
	return b
}

// layPicture gives a picture the room it will take, before it is here: nothing may jump
// when it comes.
func (b *fileBox) layPicture(inner float32) {
	most := min(pictureMax, inner+2*(theme.BubblePadX-pictureInset))
	w, h := float32(b.of.Width), float32(b.of.Height)
	if w <= 0 || h <= 0 {
		w, h = pictureOr, pictureOr*3/4
	}
	shrink := min(1, most/w, pictureMax/h)
	w, h = w*shrink, h*shrink
	b.width = wholeDp(min(most, max(pictureMin, w)))
	b.frame = wholeDp(min(pictureMax, max(pictureMin, h)))
	b.natural = b.width - 2*(theme.BubblePadX-pictureInset)
	b.height = b.frame
	if b.of.Detail != "" && b.under() {
		b.detail = text.Layout(b.of.Detail, theme.Caption, text.Options{Width: b.natural, MaxLines: 2, RTL: b.rtl})
		b.height += theme.Space4 + b.detail.Height
	}
}

// detailY is where the line about the file begins in the box.
func (b *fileBox) detailY() float32 {
	if b.picture {
		return b.frame + theme.Space4
	}
	if b.voice != nil {
		return voiceWave + theme.Space2
	}
	return (b.height-b.name.Height-b.detail.Height)/2 + b.name.Height
}

// lastLine is how much of the width the line about the file takes.
func (b *fileBox) lastLine() float32 {
	switch {
	case b.detail == nil:
		return 0
	case b.picture:
		return b.detail.Width
	}
	return discSize + fileGap + b.detail.Width
}

// under reports whether a line below the picture says how much of it is here.
func (b *fileBox) under() bool {
	return b.of.Share >= 0 || b.of.Action == FileFetch || b.of.Action == FileResume || b.of.Action == FileNothing
}

// widen gives the box the width of its bubble.
func (b *fileBox) widen(bubble float32) {
	if b.picture {
		b.width = bubble - 2*pictureInset
		return
	}
	b.width = bubble - 2*theme.BubblePadX
}

// rect is where the row, or the picture without the line below it, stands in the bubble.
func (b *fileBox) rect() text.Rect {
	if b.picture {
		return text.Rect{X: pictureInset, Y: b.y, W: b.width, H: b.frame}
	}
	return text.Rect{X: theme.BubblePadX, Y: b.y, W: b.width, H: b.height}
}

// disc is where the button stands in the bubble.
func (b *fileBox) disc() text.Rect {
	r := b.rect()
	d := text.Rect{X: r.X, Y: r.Y + (r.H-discSize)/2, W: discSize, H: discSize}
	switch {
	case b.picture:
		d.X += (r.W - discSize) / 2
	case b.rtl:
		d.X += r.W - discSize
	}
	return d
}

// icon is what the button of the file shows, or "".
func (b *fileBox) icon(shown bool) theme.IconName {
	if b.voice != nil {
		if b.voice.of.Playing {
			return theme.IconPause
		}
		return theme.IconResume
	}
	icon, ok := map[ThreadFileAction]theme.IconName{
		FileFetch: theme.IconFetch, FilePause: theme.IconPause, FileResume: theme.IconResume, FileExport: theme.IconExport,
	}[b.of.Action]
	if b.picture && (b.of.Action == FileExport || b.of.Action == FileNothing) {
		if shown {
			return ""
		}
		return theme.IconImage
	}
	if !ok {
		return theme.IconFile
	}
	return icon
}

// paint draws a row, or what stands under a picture.
func (b *fileBox) paint(dst *image.RGBA, scale float32, p *theme.Palette) {
	if b.picture {
		if b.detail != nil {
			x := theme.BubblePadX
			if b.rtl {
				x += b.width - 2*(theme.BubblePadX-pictureInset) - b.detail.Width
			}
			b.detail.Draw(dst, x*scale, (b.y+b.detailY())*scale, scale, p.Ink3)
		}
		return
	}
	if b.voice != nil {
		b.paintVoice(dst, scale, p)
		return
	}
	b.paintDisc(dst, b.disc(), scale, p, p.Tint())
	room := b.width - discSize - fileGap
	left := theme.BubblePadX
	if !b.rtl {
		left += discSize + fileGap
	}
	y := b.y + b.detailY() - b.name.Height
	for _, line := range []struct {
		b   *text.Block
		y   float32
		ink bool
	}{{b.name, y, true}, {b.detail, y + b.name.Height, false}} {
		x := left
		if b.rtl {
			x += room - line.b.Width
		}
		c := p.Ink3
		if line.ink {
			c = p.Ink
		}
		line.b.Draw(dst, x*scale, line.y*scale, scale, c)
	}
}

// paintDisc draws the ground of the button and how much of the file is here.
func (b *fileBox) paintDisc(dst *image.RGBA, r text.Rect, scale float32, p *theme.Palette, ground color.NRGBA) {
	area := pixels(r, scale)
	roundBox(dst, area, r.W*scale/2, ground, transparent, 0)
	if b.of.Share < 0 {
		return
	}
	cx, cy := (r.X+r.W/2)*scale, (r.Y+r.H/2)*scale
	radius := (r.W/2 - 1) * scale
	arc(dst, cx, cy, radius, ringWidth*scale, 1, b.rtl, theme.Alpha(p.Ink, 0.15))
	arc(dst, cx, cy, radius, ringWidth*scale, min(1, b.of.Share), b.rtl, p.Accent)
}

// extension is the longest ending of a name that is kept whole, in letters.
const extension = 10

// fitName cuts a name of a file in the middle where it is too wide, keeping what tells
// one from another: its beginning, its last letters and its extension.
func fitName(name string, style text.Style, room float32) string {
	one := text.Options{MaxLines: 1}
	name = text.CutGraphemes(name, 200)
	if text.Layout(name, style, one).Width <= room {
		return name
	}
	stem, ending := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && text.Graphemes(name[dot:]) <= extension {
		stem, ending = name[:dot], name[dot:]
	}
	n := text.Graphemes(stem)
	const keep = 3
	tail := ending
	if n > 2*keep {
		tail = stem[len(text.CutGraphemes(stem, n-keep)):] + ending
	}
	low, high := 1, n
	for low < high {
		mid := (low + high + 1) / 2
		if text.Layout(text.CutGraphemes(stem, mid)+"…"+tail, style, one).Width <= room {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(text.CutGraphemes(stem, low), " .") + "…" + tail
}

// wholeDp rounds to full dp, so that what stands below lies on the pixel grid.
func wholeDp(v float32) float32 { return float32(round(v)) }
