package scan

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
)

func TestCornersOfACode(t *testing.T) {
	for _, angle := range []float64{0, 0.4, math.Pi / 2, 3, 5.1} {
		s := encode(t, cardText(rand.New(rand.NewPCG(1, 1))))
		c := scene{module: 4, angle: angle}
		img := c.render(t, s, 7)
		v := c.look(s, rand.New(rand.NewPCG(7, 6))) // as render begins
		code, err := Read(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		side := float64(s.side)
		for i, want := range [4][2]float64{{0, 0}, {side, 0}, {side, side}, {0, side}} {
			x, y := v.modules(float64(code.Corners[i].X), float64(code.Corners[i].Y))
			if math.Hypot(x-want[0], y-want[1]) > 0.8 {
				t.Errorf("turned by %.1f: corner %d is marked %.1f, %.1f modules in, want %v", angle, i, x, y, want)
			}
		}
	}
}

// TestGlanceTriesEveryWay: what only one way reads is read within as many frames as there
// are ways.
func TestGlanceTriesEveryWay(t *testing.T) {
	kept := tries
	defer func() { tries = kept }()
	img := scene{module: 5}.render(t, encode(t, "TACIT1:AAAA"), 1)
	blank := image.NewGray(img.Rect)
	for only := range tries {
		for i := range tries {
			tries[i] = func(*image.Gray) *gozxing.BitMatrix { return hybrid(blank) }
		}
		tries[only] = hybrid
		seen := false
		for n := range len(tries) {
			_, ok := Glance(img, n)
			seen = seen || ok
		}
		if !seen {
			t.Errorf("way %d is never tried", only)
		}
	}
}

func TestNoCode(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for name, img := range map[string]*image.Gray{
		"empty":     image.NewGray(image.Rect(0, 0, 0, 0)),
		"one pixel": image.NewGray(image.Rect(0, 0, 1, 1)),
		"one line":  image.NewGray(image.Rect(0, 0, 300, 1)),
		"noise":     noise(rng, 640, 480),
		"too large": image.NewGray(image.Rect(0, 0, maxSide+1, 4)),
		"of stripes": func() *image.Gray {
			img := image.NewGray(image.Rect(0, 0, 320, 240))
			for i := range img.Pix {
				img.Pix[i] = uint8(i / 3 % 2 * 255)
			}
			return img
		}(),
	} {
		if code, err := Read(t.Context(), img); !errors.Is(err, ErrNoCode) {
			t.Errorf("%s: %q, %v", name, code.Text, err)
		}
		for n := range len(tries) {
			if code, ok := Glance(img, n); ok {
				t.Errorf("%s: %q", name, code.Text)
			}
		}
	}
}

// TestPictureFullOfCorners: a picture that somebody made of thousands of corner patterns is
// given up at once, not weighed for hours.
func TestPictureFullOfCorners(t *testing.T) {
	const side, step, module = 1280, 18, 2
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		x, y := i%side%step/module, i/side%step/module
		ring := max(x-3, 3-x, y-3, 3-y)
		if ring == 2 || ring > 3 {
			img.Pix[i] = 255
		}
	}
	done := make(chan bool)
	go func() {
		_, ok := Glance(img, 0)
		done <- ok
	}()
	select {
	case ok := <-done:
		if ok {
			t.Error("something was read in it")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it is still being looked at")
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	img := scene{module: 5}.render(t, encode(t, "TACIT1:AAAA"), 1)
	if _, err := Read(ctx, img); !errors.Is(err, ErrNoCode) {
		t.Errorf("error %v", err)
	}
}

func noise(rng *rand.Rand, w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.IntN(256))
	}
	return img
}

// BenchmarkGlance is the time of a frame in which there is nothing to find: of a calm
// room, and of the worst that a camera can send.
func BenchmarkGlance(b *testing.B) {
	calm := image.NewGray(image.Rect(0, 0, 1280, 720))
	for i := range calm.Pix {
		calm.Pix[i] = uint8(i % 1280 / 8)
	}
	for name, img := range map[string]*image.Gray{
		"calm 1280x720": calm, "noise 1280x720": noise(rand.New(rand.NewPCG(1, 2)), 1280, 720), "noise 640x480": noise(rand.New(rand.NewPCG(1, 2)), 640, 480),
	} {
		b.Run(name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				Glance(img, n)
			}
		})
	}
}
