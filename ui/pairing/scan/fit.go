package scan

import (
	"math"
	"slices"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"
)

// fit looks for the fourth corner of a code that leans, where the library takes the plate
// for a parallelogram. It knows the middles of three corner patterns; where the fourth
// would be decides where every module lies, and those modules that are the same in every
// code of its size tell how good a guess is.
type fit struct {
	m    *gozxing.BitMatrix
	p    [3]gozxing.ResultPoint // bottom left, top left, top right
	side int                    // modules
	at   []int                  // middles of alignment patterns, in both directions
}

const (
	fitReach = 9.0 // modules around the parallelogram's corner that are searched
	fitStep  = 0.5 // in the first round; half of it in each of the three after it
	fitGood  = 0.8 // of the known modules must be right
)

// fits returns the modules of a code for each number of them that is likely, the likeliest
// first.
func fits(m *gozxing.BitMatrix, hints map[gozxing.DecodeHintType]any) []*common.DetectorResult {
	info, err := detector.NewFinderPatternFinder(m, atMost(maxCorners)).Find(hints)
	if err != nil {
		return nil
	}
	a, b, c := info.GetBottomLeft(), info.GetTopLeft(), info.GetTopRight()
	module := (a.GetEstimatedModuleSize() + b.GetEstimatedModuleSize() + c.GetEstimatedModuleSize()) / 3
	if module < 1 {
		return nil
	}
	// Which of the three is the one in the middle is told by their distances, and told
	// wrongly where the plate leans much.
	for _, p := range [][3]gozxing.ResultPoint{{a, b, c}, {b, c, a}, {c, a, b}} {
		if found := fitsOf(m, p, module); len(found) > 0 {
			return found
		}
	}
	return nil
}

// fitsOf is fits for corners that are told apart.
func fitsOf(m *gozxing.BitMatrix, p [3]gozxing.ResultPoint, module float64) []*common.DetectorResult {
	between := (gozxing.ResultPoint_Distance(p[0], p[1]) + gozxing.ResultPoint_Distance(p[1], p[2])) / 2 / module
	version := int(math.Round((between + 7 - 17) / 4))
	type guess struct {
		score float64
		found *common.DetectorResult
	}
	var guesses []guess
	for v := max(2, version-2); v <= min(maxVersion, version+2); v++ {
		known, err := decoder.Version_GetVersionForNumber(v)
		if err != nil {
			continue
		}
		f := fit{m: m, p: p, side: known.GetDimensionForVersion(), at: known.GetAlignmentPatternCenters()}
		score, t := f.search()
		if score < fitGood {
			continue
		}
		if bits, err := detector.Detector_sampleGrid(m, t, f.side); err == nil {
			guesses = append(guesses, guess{score, common.NewDetectorResult(bits, p[:])})
		}
	}
	slices.SortFunc(guesses, func(a, b guess) int { return int(math.Copysign(1, b.score-a.score)) })
	var all []*common.DetectorResult
	for _, g := range guesses {
		all = append(all, g.found)
	}
	return all
}

// search returns the best place of the fourth corner, as the way from modules to pixels.
func (f *fit) search() (score float64, best *common.PerspectiveTransform) {
	between := float64(f.side - 7)
	ux, uy := (f.p[2].GetX()-f.p[1].GetX())/between, (f.p[2].GetY()-f.p[1].GetY())/between
	vx, vy := (f.p[0].GetX()-f.p[1].GetX())/between, (f.p[0].GetY()-f.p[1].GetY())/between
	i0, j0 := 0.0, 0.0
	score = -1
	reach := fitReach
	for step := fitStep; step > fitStep/10; step, reach = step/2, step {
		ci, cj := i0, j0
		for j := cj - reach; j <= cj+reach; j += step {
			for i := ci - reach; i <= ci+reach; i += step {
				a, b := between+i, between+j
				t := f.transform(f.p[1].GetX()+a*ux+b*vx, f.p[1].GetY()+a*uy+b*vy)
				if s := f.score(t); s > score {
					score, best, i0, j0 = s, t, i, j
				}
			}
		}
	}
	return score, best
}

// transform puts the middle of the fourth corner at x, y.
func (f *fit) transform(x, y float64) *common.PerspectiveTransform {
	far := float64(f.side) - 3.5
	return common.PerspectiveTransform_QuadrilateralToQuadrilateral(
		3.5, 3.5, far, 3.5, far, far, 3.5, far,
		f.p[1].GetX(), f.p[1].GetY(), f.p[2].GetX(), f.p[2].GetY(), x, y, f.p[0].GetX(), f.p[0].GetY())
}

// score is which part of the modules of the alignment patterns, and of the two lines that
// alternate between the corners, is as it must be.
func (f *fit) score(t *common.PerspectiveTransform) float64 {
	right, n := 0, 0
	look := func(i, j int, dark bool) {
		p := [2]float64{float64(i) + 0.5, float64(j) + 0.5}
		t.TransformPoints(p[:])
		x, y := int(p[0]), int(p[1])
		n++
		if x >= 0 && y >= 0 && x < f.m.GetWidth() && y < f.m.GetHeight() && f.m.Get(x, y) == dark {
			right++
		}
	}
	last := f.at[len(f.at)-1]
	for _, y := range f.at {
		for _, x := range f.at {
			if x == 6 && y == 6 || x == 6 && y == last || x == last && y == 6 {
				continue // a corner pattern is there
			}
			for j := -2; j <= 2; j++ {
				for i := -2; i <= 2; i++ {
					look(x+i, y+j, max(i, -i, j, -j) != 1)
				}
			}
		}
	}
	for k := 8; k < f.side-8; k++ {
		look(k, 6, k%2 == 0)
		look(6, k, k%2 == 0)
	}
	return float64(right) / float64(n)
}
