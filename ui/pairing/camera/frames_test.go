package camera

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// gradient is a picture in which every pixel can be told from its neighbours.
func gradient(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio422)
	for y := range h {
		for x := range w {
			img.Y[img.YOffset(x, y)] = uint8(x*5 + y*11)
			img.Cb[img.COffset(x, y)] = uint8(100 + x/2)
			img.Cr[img.COffset(x, y)] = uint8(140 - y)
		}
	}
	return img
}

// packed is the picture as a camera sends it, with pad bytes after each line.
func packed(img *image.YCbCr, pad int) []byte {
	var b []byte
	for y := range img.Rect.Dy() {
		for x := 0; x < img.Rect.Dx(); x += 2 {
			c := img.COffset(x, y)
			b = append(b, img.Y[img.YOffset(x, y)], img.Cb[c], img.Y[img.YOffset(x+1, y)], img.Cr[c])
		}
		b = append(b, make([]byte, pad)...)
	}
	return b
}

func TestYUYV(t *testing.T) {
	want := gradient(20, 12)
	for _, pad := range []int{0, 8} {
		got, err := fromYUYV(packed(want, pad), 20, 12)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 12 {
			for x := range 20 {
				if got.YCbCrAt(x, y) != want.YCbCrAt(x, y) {
					t.Fatalf("pad %d: pixel %d,%d is %v, want %v", pad, x, y, got.YCbCrAt(x, y), want.YCbCrAt(x, y))
				}
			}
		}
	}
	if _, err := fromYUYV(packed(want, 0)[:20*12*2-1], 20, 12); err == nil {
		t.Error("a picture that was cut is read")
	}
}

func TestGrey(t *testing.T) {
	want := gradient(20, 12)
	got, err := fromGrey(want.Y, 20, 12)
	if err != nil {
		t.Fatal(err)
	}
	if c := got.YCbCrAt(7, 5); c != (color.YCbCr{Y: want.Y[want.YOffset(7, 5)], Cb: 128, Cr: 128}) {
		t.Errorf("a pixel is %v", c)
	}
	if _, err := fromGrey(want.Y[1:], 20, 12); err == nil {
		t.Error("a picture that was cut is read")
	}
}

// bare is a JPEG without its Huffman tables, as cameras send it.
func bare(t *testing.T, img image.Image) (whole, without []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	whole = out.Bytes()
	at, found, err := segment(whole, markTables)
	if err != nil || !found {
		t.Fatalf("no tables: %v", err)
	}
	end, _, err := segment(whole, markScan)
	if err != nil {
		t.Fatal(err)
	}
	return whole, append(append([]byte{}, whole[:at]...), whole[end:]...)
}

func TestJPEGWithoutTables(t *testing.T) {
	whole, without := bare(t, gradient(64, 48))
	if _, err := jpeg.Decode(bytes.NewReader(without)); err == nil {
		t.Fatal("it is read without its tables: the test proves nothing")
	}
	want, err := fromJPEG(whole)
	if err != nil {
		t.Fatal(err)
	}
	got, err := fromJPEG(without)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Y, want.Y) || !bytes.Equal(got.Cb, want.Cb) {
		t.Error("another picture")
	}
}

func TestGreyJPEG(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 33, 17))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i)
	}
	whole, _ := bare(t, grey)
	got, err := fromJPEG(whole)
	if err != nil || got.Rect != grey.Rect {
		t.Fatalf("%v, %v", got, err)
	}
}

// FuzzFrame reads what a camera sends, in each of its formats.
func FuzzFrame(f *testing.F) {
	f.Add(uint16(16), uint16(8), packed(gradient(16, 8), 0))
	f.Fuzz(func(t *testing.T, w, h uint16, b []byte) {
		if head, err := jpeg.DecodeConfig(bytes.NewReader(b)); len(b) > 1<<14 || err == nil && head.Width*head.Height > 1<<20 {
			return // allowed, and too slow for here
		}
		for name, read := range map[string]func() (*image.YCbCr, error){
			"YUYV": func() (*image.YCbCr, error) { return fromYUYV(b, int(w), int(h)) },
			"grey": func() (*image.YCbCr, error) { return fromGrey(b, int(w), int(h)) },
			"JPEG": func() (*image.YCbCr, error) { return fromJPEG(b) },
		} {
			img, err := read()
			if err != nil {
				continue
			}
			r := img.Rect
			if r.Min != (image.Point{}) || r.Dx() < 1 || r.Dy() < 1 || r.Dx() > maxSide || r.Dy() > maxSide {
				t.Fatalf("%s: bounds %v", name, r)
			}
			_, _ = img.YCbCrAt(r.Max.X-1, r.Max.Y-1), img.YCbCrAt(0, 0)
		}
	})
}
