package widget

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	xdraw "golang.org/x/image/draw"
	"rsc.io/qr"
)

func decode(t *testing.T, img image.Image) string {
	t.Helper()
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		return err.Error()
	}
	return result.GetText()
}

// onPlate lays a drawn code on the white plate of the view.
func onPlate(img image.Image) *image.NRGBA {
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), img, image.Point{}, draw.Over)
	return out
}

func TestQRReadsBackAtEveryScale(t *testing.T) {
	code, err := qr.Encode(sampleCard, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []int{180, 240, 241, 360, 480} { // the plate at 75 to 200 %
		if got := decode(t, onPlate(drawQR(code, side, side))); got != sampleCard {
			t.Errorf("at %d pixels it reads as %q", side, got)
		}
	}
	small := image.NewNRGBA(image.Rect(0, 0, 180, 180))
	xdraw.ApproxBiLinear.Scale(small, small.Bounds(), onPlate(drawQR(code, 240, 240)), image.Rect(0, 0, 240, 240), xdraw.Src, nil)
	if got := decode(t, small); got != sampleCard {
		t.Errorf("photographed at 75 %% it reads as %q", got)
	}
}

func TestQRModulesAreWholePixels(t *testing.T) {
	code, err := qr.Encode(sampleCard, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	img := drawQR(code, 250, 250)
	module := 250 / (code.Size + 2*qrQuiet)
	origin := (250 - module*code.Size) / 2
	if origin < qrQuiet*module {
		t.Errorf("the quiet zone has %d pixels, want at least %d", origin, qrQuiet*module)
	}
	for y := range code.Size * module {
		for x := range code.Size * module {
			want := color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			if code.Black(x/module, y/module) {
				want = color.NRGBA{R: 0x1B, G: 0x22, B: 0x27, A: 255}
			}
			if got := img.NRGBAAt(origin+x, origin+y); got != want {
				t.Fatalf("pixel %d, %d is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestQRViewRefusesTooMuch(t *testing.T) {
	v := NewQRView()
	if err := v.SetText(strings.Repeat("x", 5000)); err == nil {
		t.Error("a text too long for a code was taken")
	}
	if err := v.SetText(""); err != nil {
		t.Error(err)
	}
}
