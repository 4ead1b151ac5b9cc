package main

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// paletteSize keeps a picture of a screen near 30 KB. The kept colours are exact: grounds,
// inks and hairlines, which differ by little from one another.
const (
	paletteSize = 48
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

// reduce keeps the colours that most of a picture has. The others, which are edges of
// letters and parts of photographs, lie in a box that is cut in two where it is the most
// wrong to have one colour for all of it, again and again.
func reduce(img *image.RGBA) *image.Paletted {
	count := map[[3]uint8]int{}
	for i := 0; i < len(img.Pix); i += 4 {
		count[[3]uint8(img.Pix[i:i+3])]++
	}
	all := byUse(count)
	kept := all[:min(keptColours, len(all))]
	var boxes []box
	if rest := all[len(kept):]; len(rest) > 0 {
		boxes = append(boxes, newBox(rest))
	}
	for len(boxes) > 0 && len(kept)+len(boxes) < paletteSize {
		worst := slices.MaxFunc(boxes, func(a, b box) int { return cmp.Compare(a.wrong, b.wrong) })
		if worst.wrong == 0 {
			break
		}
		i := slices.IndexFunc(boxes, func(b box) bool { return &b.colours[0] == &worst.colours[0] })
		low, high := worst.cut()
		boxes[i] = low
		boxes = append(boxes, high)
	}
	for _, c := range kept {
		boxes = append(boxes, newBox([]counted{c}))
	}
	return paint(img, boxes)
}

// paint gives each pixel the colour of its box.
func paint(img *image.RGBA, boxes []box) *image.Paletted {
	out := image.NewPaletted(img.Rect, nil)
	index := map[[3]uint8]uint8{}
	for i, b := range boxes {
		out.Palette = append(out.Palette, color.RGBA{round(b.mean[0]), round(b.mean[1]), round(b.mean[2]), 255})
		for _, c := range b.colours {
			index[c.rgb] = uint8(i)
		}
	}
	for i := range out.Pix {
		out.Pix[i] = index[[3]uint8(img.Pix[4*i:4*i+3])]
	}
	return out
}

func round(v float64) uint8 { return uint8(v + 0.5) }

// counted is a colour with how many pixels have it.
type counted struct {
	rgb [3]uint8
	n   int
}

// byUse orders colours by how many pixels have them.
func byUse(count map[[3]uint8]int) []counted {
	var all []counted
	for rgb, n := range count {
		all = append(all, counted{rgb, n})
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(b.n-a.n, bytes.Compare(a.rgb[:], b.rgb[:]))
	})
	return all
}

// box is some colours for which one will stand.
type box struct {
	colours []counted
	mean    [3]float64
	widest  int     // the channel in which they differ most
	wrong   float64 // by how much its pixels are off, squared
}

func newBox(colours []counted) box {
	b := box{colours: colours}
	var sum, squares [3]float64
	all := 0.0
	for _, c := range colours {
		n := math.Sqrt(float64(c.n)) // a word in red is little of a picture, and has to stay red
		all += n
		for i, v := range c.rgb {
			sum[i] += n * float64(v)
			squares[i] += n * float64(v) * float64(v)
		}
	}
	most := -1.0
	for i := range 3 {
		b.mean[i] = sum[i] / all
		off := squares[i] - sum[i]*b.mean[i]
		b.wrong += off
		if off > most {
			b.widest, most = i, off
		}
	}
	if len(colours) == 1 {
		b.wrong = 0 // but for what the arithmetic leaves
	}
	return b
}

// cut divides a box at the mean of its widest channel.
func (b box) cut() (low, high box) {
	c := b.widest
	slices.SortStableFunc(b.colours, func(x, y counted) int { return int(x.rgb[c]) - int(y.rgb[c]) })
	at := slices.IndexFunc(b.colours, func(v counted) bool { return float64(v.rgb[c]) > b.mean[c] })
	at = max(1, at) // all the same, but for what the arithmetic leaves
	return newBox(b.colours[:at]), newBox(b.colours[at:])
}
