package pairing

import (
	"bytes"
	"errors"
	"image"
	"runtime"
	"testing"
	"time"
)

// FuzzPicture reads pictures from strangers: files of any content; pixels of any
// content; and the picture of a card with parts of it written over.
func FuzzPicture(f *testing.F) {
	f.Add(uint8(0), uint16(0), []byte("GIF89a"))
	f.Fuzz(func(t *testing.T, as uint8, at uint16, b []byte) {
		if len(b) > 1<<14 {
			return
		}
		switch as % 3 {
		case 0:
			checkPicture(t, b)
		case 1:
			img := image.NewGray(image.Rect(0, 0, 1+int(at)%128, 1+int(at)/128%128))
			for i := 0; len(b) > 0 && i < len(img.Pix); {
				i += copy(img.Pix[i:], b)
			}
			checkPicture(t, encodePNG(t, img))
		case 2:
			img := code(t, 2)
			for i := range min(len(b), len(img.Pix)) {
				img.Pix[(int(at)*8+i)%len(img.Pix)] = b[i]
			}
			text, err := checkPicture(t, encodePNG(t, img))
			if len(b) == 0 && (err != nil || text != cardText) {
				t.Fatalf("an unaltered card reads as %q, %v", text, err)
			}
		}
	})
}

// checkPicture: a picture is refused by its size before memory is spent on it, and
// nothing takes longer than it may.
func checkPicture(t *testing.T, b []byte) (string, error) {
	t.Helper()
	head, _, headErr := image.DecodeConfig(bytes.NewReader(b))
	tooLarge := headErr == nil && (head.Width > maxPictureSide || head.Height > maxPictureSide || head.Width*head.Height > maxPicturePixels)
	if !tooLarge && headErr == nil && head.Width*head.Height > 1<<20 {
		return "", nil // allowed, and too slow for here
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	text, err := ReadPicture(t.Context(), bytes.NewReader(b), int64(len(b)))
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	switch {
	case tooLarge != errors.Is(err, ErrPictureTooLarge):
		t.Fatalf("%d x %d pixels: %v", head.Width, head.Height, err)
	case err != nil && (text != "" || !tooLarge && !errors.Is(err, ErrNoCode)):
		t.Fatalf("%q, %v", text, err)
	case headErr != nil && err == nil:
		t.Fatalf("%q in what is no picture", text)
	case tooLarge && after.TotalAlloc-before.TotalAlloc > 1<<20:
		t.Fatalf("%d bytes were allocated to refuse it", after.TotalAlloc-before.TotalAlloc)
	case took > maxPictureTime+5*time.Second:
		t.Fatalf("took %v", took)
	}
	return text, err
}
