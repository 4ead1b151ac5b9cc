package scan

import (
	"context"
	"image"
	"math"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// Read searches a picture in every way, until ctx ends. It may take seconds.
func Read(ctx context.Context, g *image.Gray) (Code, error) {
	for i := range tries {
		if ctx.Err() != nil {
			break
		}
		if code, ok := try(g, i); ok {
			return code, nil
		}
	}
	return Code{}, ErrNoCode
}

// Glance searches the n-th frame of a camera, in the way that is most often right and in
// one of the others: what stays before the camera is seen in all of them in turn.
func Glance(g *image.Gray, n int) (Code, bool) {
	if code, ok := try(g, 0); ok {
		return code, true
	}
	return try(g, 1+n%(len(tries)-1))
}

// tries are the ways to tell dark from light, in an order in which each adds most to
// what those before it read.
var tries = [...]func(*image.Gray) *gozxing.BitMatrix{
	hybrid,
	func(g *image.Gray) *gozxing.BitMatrix { return threshold(g, 30, 0) },
	func(g *image.Gray) *gozxing.BitMatrix { return hybrid(sharpen(g, 5, 3)) },
	func(g *image.Gray) *gozxing.BitMatrix { return threshold(larger(g), 25, 0) },
	func(g *image.Gray) *gozxing.BitMatrix { return threshold(g, 15, 4) },
	global,
	func(g *image.Gray) *gozxing.BitMatrix { return hybrid(larger(g)) },
}

func hybrid(g *image.Gray) *gozxing.BitMatrix {
	return black(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(g)))
}

func global(g *image.Gray) *gozxing.BitMatrix {
	return black(gozxing.NewGlobalHistgramBinarizer(gozxing.NewLuminanceSourceFromImage(g)))
}

func black(b gozxing.Binarizer) *gozxing.BitMatrix {
	m, err := b.GetBlackMatrix()
	if err != nil {
		return nil
	}
	return m
}

// larger is the picture at twice its size, if it is small enough for that.
func larger(g *image.Gray) *image.Gray {
	if max(g.Rect.Dx(), g.Rect.Dy()) > maxDouble {
		return g
	}
	return double(g)
}

// try searches in the i-th way. A picture from a stranger must not stop the program, and
// the library was not written against hostile input, so its panics end here.
func try(g *image.Gray, i int) (code Code, ok bool) {
	defer func() {
		if recover() != nil {
			code, ok = Code{}, false
		}
	}()
	if g.Rect.Empty() || max(g.Rect.Dx(), g.Rect.Dy()) > maxSide {
		return Code{}, false
	}
	m := tries[i](g)
	if m == nil {
		return Code{}, false
	}
	hints := map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER:                 true,
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: atMost(maxCorners),
	}
	scale := float64(m.GetWidth()) / float64(g.Rect.Dx())
	if found, err := detector.NewDetector(m).Detect(hints); err == nil {
		if code, ok := say(found, hints, scale); ok {
			return code, true
		}
	}
	for _, found := range fits(m, hints) {
		if code, ok := say(found, hints, scale); ok {
			return code, true
		}
	}
	return Code{}, false
}

// atMost ends a try in which there are too many corner patterns: the library calls it for
// each one and cannot be ended otherwise.
func atMost(n int) gozxing.ResultPointCallback {
	return func(gozxing.ResultPoint) {
		if n--; n < 0 {
			panic("too many corner patterns")
		}
	}
}

// say turns modules into text.
func say(found *common.DetectorResult, hints map[gozxing.DecodeHintType]any, scale float64) (Code, bool) {
	said, err := decoder.NewDecoder().Decode(found.GetBits(), hints)
	if err != nil || len(said.GetText()) > maxText {
		return Code{}, false
	}
	return Code{Text: said.GetText(), Corners: corners(found.GetPoints(), found.GetBits().GetWidth(), scale)}, true
}

// corners are those of a code of side modules, from the middles of three of its corner
// patterns: bottom left, top left, top right.
func corners(p []gozxing.ResultPoint, side int, scale float64) [4]image.Point {
	between := float64(side - 7) // modules from middle to middle
	x, y := p[1].GetX(), p[1].GetY()
	ux, uy := (p[2].GetX()-x)/between, (p[2].GetY()-y)/between
	vx, vy := (p[0].GetX()-x)/between, (p[0].GetY()-y)/between
	at := func(across, down float64) image.Point {
		px, py := x+across*ux+down*vx, y+across*uy+down*vy
		return image.Pt(int(math.Round(px/scale)), int(math.Round(py/scale)))
	}
	a, b := -3.5, between+3.5
	return [4]image.Point{at(a, a), at(b, a), at(b, b), at(a, b)}
}
