package scan

import (
	"image"

	"github.com/makiuchi-d/gozxing"
)

// sums is an integral image: the sum of everything above and to the left of each pixel.
type sums struct {
	w, h int
	s    []uint32
}

func newSums(g *image.Gray) sums {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	t := sums{w: w, h: h, s: make([]uint32, (w+1)*(h+1))}
	for y := range h {
		row := uint32(0)
		above, here := t.s[y*(w+1):], t.s[(y+1)*(w+1):]
		for x, v := range g.Pix[y*g.Stride : y*g.Stride+w] {
			row += uint32(v)
			here[x+1] = above[x+1] + row
		}
	}
	return t
}

// each calls f for each pixel with the mean of the square of the given radius around it,
// as far as that lies in the picture.
func (t sums) each(radius int, f func(x, y, mean int)) {
	w := t.w + 1
	for y := range t.h {
		y0, y1 := max(0, y-radius), min(t.h, y+radius+1)
		above, below := t.s[y0*w:y0*w+w], t.s[y1*w:y1*w+w]
		for x := range t.w {
			x0, x1 := max(0, x-radius), min(t.w, x+radius+1)
			sum := below[x1] - above[x1] - below[x0] + above[x0]
			f(x, y, int(sum)/((x1-x0)*(y1-y0)))
		}
	}
}

// threshold calls dark what is darker by more than bias than the mean around it.
func threshold(g *image.Gray, radius, bias int) *gozxing.BitMatrix {
	t := newSums(g)
	m, err := gozxing.NewBitMatrix(t.w, t.h)
	if err != nil { // an empty picture
		return nil
	}
	t.each(radius, func(x, y, mean int) {
		if int(g.Pix[y*g.Stride+x]) < mean-bias {
			m.Set(x, y)
		}
	})
	return m
}

// sharpen moves each pixel away from the mean around it by some times what it differs.
func sharpen(g *image.Gray, radius, times int) *image.Gray {
	t := newSums(g)
	out := image.NewGray(image.Rect(0, 0, t.w, t.h))
	t.each(radius, func(x, y, mean int) {
		v := int(g.Pix[y*g.Stride+x])
		out.Pix[y*out.Stride+x] = uint8(max(0, min(255, v+times*(v-mean))))
	})
	return out
}

// double returns the picture at twice its size, straight lines between its pixels.
func double(g *image.Gray) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, 2*w, 2*h))
	for y := range 2 * h {
		// A pixel of the new picture lies a quarter of an old one from its nearest.
		near := y / 2
		far := max(0, min(h-1, near+2*(y&1)-1))
		a, b := g.Pix[near*g.Stride:near*g.Stride+w], g.Pix[far*g.Stride:far*g.Stride+w]
		row := out.Pix[y*out.Stride : y*out.Stride+2*w]
		last := 3*int(a[0]) + int(b[0])
		for x := range w {
			here := 3*int(a[x]) + int(b[x])
			next := here
			if x+1 < w {
				next = 3*int(a[x+1]) + int(b[x+1])
			}
			row[2*x] = uint8((last + 3*here + 8) >> 4)
			row[2*x+1] = uint8((next + 3*here + 8) >> 4)
			last = here
		}
	}
	return out
}
