package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// savePNG writes a picture, with a palette where it has few enough colours.
func savePNG(path string, img *image.RGBA) error {
	var b bytes.Buffer
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(&b, fewColours(img)); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// maxColours is the largest palette of a PNG.
const maxColours = 256

func fewColours(img *image.RGBA) image.Image {
	index := map[color.RGBA]uint8{}
	var palette color.Palette
	out := image.NewPaletted(img.Rect, nil)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := img.RGBAAt(x, y)
			i, known := index[c]
			if !known {
				if len(palette) == maxColours {
					return img
				}
				i = uint8(len(palette))
				index[c], palette = i, append(palette, c)
			}
			out.Pix[y*out.Stride+x] = i
		}
	}
	out.Palette = palette
	return out
}

// readQR reads the QR code that a window shows, and returns it cut out with its quiet zone.
func (w *window) readQR() (string, *image.RGBA, error) {
	var text string
	var cut *image.RGBA
	err := await(patience, "a QR code on "+w.title, func() bool {
		img, err := w.picture()
		if err != nil {
			return false
		}
		text, cut, err = decodeQR(img)
		return err == nil
	})
	return text, cut, err
}

func decodeQR(img *image.RGBA) (string, *image.RGBA, error) {
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(gozxing.NewLuminanceSourceFromImage(img)))
	if err != nil {
		return "", nil, fmt.Errorf("prepare the picture: %w", err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", nil, fmt.Errorf("find a QR code: %w", err)
	}
	// The points are the middles of the corners, 3.5 modules inside the code, and the
	// quiet zone is 4 wide: of the 30 modules between the middles that is a quarter.
	var area image.Rectangle
	for _, p := range result.GetResultPoints()[:3] {
		at := image.Pt(int(p.GetX()), int(p.GetY()))
		area = area.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
	}
	area = area.Inset(-area.Dx() / 4).Intersect(img.Rect)
	cut := image.NewRGBA(image.Rectangle{Max: area.Size()})
	for y := range area.Dy() {
		from := img.PixOffset(area.Min.X, area.Min.Y+y)
		copy(cut.Pix[y*cut.Stride:(y+1)*cut.Stride], img.Pix[from:])
	}
	return result.GetText(), cut, nil
}
