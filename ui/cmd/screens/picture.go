package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
)

// paletteSize keeps a picture of a screen near 30 KB. The kept colours are exact: grounds,
// inks and hairlines, which differ by little from one another.
const (
	paletteSize = 32
	keptColours = 20
)

// save writes a picture with few colours: those that most of it has, and of photographs
// an even choice.
func save(path string, img *image.RGBA) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(&b, reduce(img)); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// reduce keeps the colours that most of a picture has. Of the others, which are edges of
// letters and parts of photographs, it cuts the box in two at its widest side, again and
// again.
func reduce(img *image.RGBA) *image.Paletted {
	count := map[[3]uint8]int{}
	for i := 0; i < len(img.Pix); i += 4 {
		count[[3]uint8(img.Pix[i:i+3])]++
	}
	all := newBox(count)
	byUse := slices.Clone(all.colours)
	slices.SortStableFunc(byUse, func(a, b counted) int { return b.n - a.n })
	kept := byUse[:min(keptColours, len(byUse))]
	var boxes []box
	if rest := byUse[len(kept):]; len(rest) > 0 {
		boxes = []box{{rest}}
	}
	for len(kept)+len(boxes) < paletteSize {
		i := widest(boxes)
		if i < 0 {
			break
		}
		a, b := boxes[i].cut()
		boxes[i] = a
		boxes = append(boxes, b)
	}
	for _, c := range kept {
		boxes = append(boxes, box{[]counted{c}})
	}
	return paint(img, boxes)
}

// paint gives each pixel the colour of its box.
func paint(img *image.RGBA, boxes []box) *image.Paletted {
	out := image.NewPaletted(img.Rect, nil)
	index := map[[3]uint8]uint8{}
	for i, b := range boxes {
		out.Palette = append(out.Palette, b.mean())
		for _, c := range b.colours {
			index[c.rgb] = uint8(i)
		}
	}
	for i := range out.Pix {
		out.Pix[i] = index[[3]uint8(img.Pix[4*i:4*i+3])]
	}
	return out
}

// box is some colours with how often each occurs.
type box struct{ colours []counted }

type counted struct {
	rgb [3]uint8
	n   int
}

func newBox(count map[[3]uint8]int) box {
	var b box
	for rgb, n := range count {
		b.colours = append(b.colours, counted{rgb, n})
	}
	slices.SortFunc(b.colours, func(a, b counted) int { return bytes.Compare(a.rgb[:], b.rgb[:]) })
	return b
}

// side returns the widest channel of a box and how wide it is.
func (b box) side() (channel, width int) {
	for c := range 3 {
		lo, hi := 255, 0
		for _, v := range b.colours {
			lo, hi = min(lo, int(v.rgb[c])), max(hi, int(v.rgb[c]))
		}
		if hi-lo > width {
			channel, width = c, hi-lo
		}
	}
	return channel, width
}

// widest is the box that most needs to be cut; -1 if none can be.
func widest(boxes []box) int {
	best, most := -1, 0
	for i, b := range boxes {
		if _, w := b.side(); w > most {
			best, most = i, w
		}
	}
	return best
}

// cut divides a box in the middle of its widest side.
func (b box) cut() (low, high box) {
	c, _ := b.side()
	slices.SortStableFunc(b.colours, func(x, y counted) int { return int(x.rgb[c]) - int(y.rgb[c]) })
	middle := (int(b.colours[0].rgb[c]) + int(b.colours[len(b.colours)-1].rgb[c]) + 1) / 2
	at := 1 + slices.IndexFunc(b.colours[1:], func(v counted) bool { return int(v.rgb[c]) >= middle })
	return box{b.colours[:at]}, box{b.colours[at:]}
}

// mean is the colour that stands for a box: the one most of its pixels have, which keeps
// grounds and inks exact.
func (b box) mean() color.RGBA {
	best := slices.MaxFunc(b.colours, func(x, y counted) int { return x.n - y.n })
	return color.RGBA{best.rgb[0], best.rgb[1], best.rgb[2], 255}
}
