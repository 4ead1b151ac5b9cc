package scan

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// kind is one way in which a picture of a code is hard, within what a person expects to
// be read. pick draws the i-th scene.
type kind struct {
	name string
	says string // bounds, for docs/qr.md
	pick func(rng *rand.Rand) scene
}

// perKind is how many pictures of each kind there are.
const perKind = 30

// corpus is the whole of it. The bounds are what a person who holds the card before a
// camera would call readable: the modules can be told apart by eye in the picture.
var corpus = []kind{
	{"straight", "2 to 12 pixels a module, odd and broken sizes", func(r *rand.Rand) scene {
		return scene{module: between(r, 2, 12)}
	}},
	{"turned", "any angle, 2.5 to 9 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 2.5, 9), angle: anyAngle(r)}
	}},
	{"out of focus", "sigma 0.2 to 0.5 modules, 3 to 9 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 9), angle: anyAngle(r), blur: between(r, 0.2, 0.5), noise: 2}
	}},
	{"moved", "0.4 to 1 module during the exposure, 3 to 9 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 9), angle: slight(r), motion: between(r, 0.4, 1), course: anyAngle(r), noise: 2}
	}},
	{"dim", "dark 8, light 25 to 70 of 255, noise 2 to 4", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 8), angle: slight(r), black: 8, white: between(r, 25, 70), noise: between(r, 2, 4), blur: 0.15}
	}},
	{"uneven light", "falls to 15 to 50 %, every other with a shadow's edge that takes half", func(r *rand.Rand) scene {
		s := scene{module: between(r, 3, 8), angle: anyAngle(r), slope: between(r, 0.5, 0.85), noise: 3, blur: 0.15}
		if r.IntN(2) == 0 {
			s.shade = 0.5
		}
		return s
	}},
	{"noisy", "sigma 15 to 40 of 255", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 8), angle: anyAngle(r), noise: between(r, 15, 40), blur: 0.15}
	}},
	{"a screen, with moire", "3 to 6 points of the screen a module, 3 to 9 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 9), angle: slight(r), pitch: 1 / float64(3+r.IntN(4)), blur: 0.12, noise: 3, quality: 80}
	}},
	{"leaning", "20 to 50 degrees, 3.5 to 9 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 3.5, 9), angle: anyAngle(r), tilt: between(r, 20, 50) * math.Pi / 180, lean: anyAngle(r), blur: 0.15, noise: 3}
	}},
	{"a lamp's reflection", "2 to 6 % of the code white", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 8), angle: slight(r), glare: between(r, 0.02, 0.06), noise: 3, blur: 0.15}
	}},
	{"JPEG", "quality 20 to 60, 3 to 8 pixels a module", func(r *rand.Rand) scene {
		return scene{module: between(r, 3, 8), angle: anyAngle(r), quality: 20 + r.IntN(41), blur: 0.15, noise: 3}
	}},
	{"a usual webcam", "a screen held up: all of these, mildly; 3 to 6 pixels a module", func(r *rand.Rand) scene {
		return scene{
			module: between(r, 3, 6), angle: slight(r), tilt: between(r, 5, 25) * math.Pi / 180, lean: anyAngle(r),
			blur: between(r, 0.15, 0.3), motion: between(r, 0, 0.3), course: anyAngle(r),
			black: 20, white: between(r, 110, 255), slope: between(r, 0.1, 0.4),
			noise: between(r, 3, 8), quality: 60 + r.IntN(31), pitch: 0.25,
		}
	}},
}

func between(r *rand.Rand, a, b float64) float64 { return a + r.Float64()*(b-a) }
func anyAngle(r *rand.Rand) float64              { return r.Float64() * 2 * math.Pi }
func slight(r *rand.Rand) float64                { return between(r, -0.3, 0.3) }

// shot is one picture of the corpus.
type shot struct {
	kind  kind
	text  string
	scene scene
	seed  uint64
}

// shots draws every step-th picture of the corpus.
func shots(step int) []shot {
	var all []shot
	for k, kind := range corpus {
		for i := 0; i < perKind; i++ {
			seed := uint64(k*1000 + i)
			rng := rand.New(rand.NewPCG(seed, 1))
			s := shot{kind: kind, scene: kind.pick(rng), seed: seed, text: cardText(rng)}
			if (k+i)%step == 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// cardText is a text of the shape and the lengths of a card: 95 characters without a
// node's address, up to 202 with one.
func cardText(rng *rand.Rand) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	b := make([]byte, []int{88, 103, 110, 136, 195}[rng.IntN(5)])
	for i := range b {
		b[i] = letters[rng.IntN(len(letters))]
	}
	return "TACIT1:" + string(b)
}

var encoded sync.Map // text -> symbol

// encode draws a text with qrencode, at level M as cards are.
func encode(t *testing.T, text string) symbol {
	t.Helper()
	if s, ok := encoded.Load(text); ok {
		return s.(symbol)
	}
	cmd := exec.Command("qrencode", "-l", "M", "-s", "1", "-m", "0", "-o", "-", text)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("qrencode (packaging/setup.sh test installs it): %v", err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	s := symbol{side: img.Bounds().Dx()}
	for y := range s.side {
		for x := range s.side {
			s.dark = append(s.dark, color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y < 128)
		}
	}
	encoded.Store(text, s)
	return s
}

func (s shot) String() string {
	return strings.ReplaceAll(fmt.Sprintf("%s %d %+v", s.kind.name, s.seed, s.scene), "scan.", "")
}
