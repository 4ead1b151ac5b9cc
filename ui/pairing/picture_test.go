package pairing

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"rsc.io/qr"
)

var cardText = "TACIT1:" + strings.Repeat("AEAQCAIBAE2FS4DF", 5) + "AEAQCAI"

func read(t *testing.T, picture []byte) (string, error) {
	t.Helper()
	return ReadPicture(t.Context(), bytes.NewReader(picture), int64(len(picture)))
}

// code draws the card with whole modules of the given size, plus the quiet zone.
func code(t *testing.T, module int) *image.Gray {
	t.Helper()
	c, err := qr.Encode(cardText, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side := (c.Size + 8) * module
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !c.Black(x/module-4, y/module-4) {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	return img
}

func encodePNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadOwnCodeAtAnyScale(t *testing.T) {
	for _, module := range []int{1, 2, 3, 4, 5, 7, 10, 16, 40} {
		got, err := read(t, encodePNG(t, code(t, module)))
		if err != nil || got != cardText {
			t.Errorf("module of %d pixels: %q, %v", module, got, err)
		}
	}
}

// within puts the code somewhere into a larger, noisy picture, like a screenshot.
func within(t *testing.T, module, w, h int) *image.Gray {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	noise := make([]byte, 1<<16)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	for i := range img.Pix {
		img.Pix[i] = 180 + noise[(i*7919)%len(noise)]%60
	}
	c := code(t, module)
	draw.Draw(img, c.Rect.Add(image.Pt(w/3, h/4)), c, image.Point{}, draw.Src)
	return img
}

func TestReadCodeInsidePictures(t *testing.T) {
	screenshot := within(t, 5, 1920, 1080)
	asJPEG := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 70}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	var asGIF bytes.Buffer
	if err := gif.Encode(&asGIF, code(t, 6), nil); err != nil {
		t.Fatal(err)
	}
	small := code(t, 4)
	cut := small.SubImage(small.Rect.Inset(16)) // without its quiet zone
	clear := image.NewNRGBA(small.Rect)         // black on transparent
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			if small.GrayAt(x, y).Y == 0 {
				clear.Set(x, y, color.Black)
			}
		}
	}
	for name, picture := range map[string][]byte{
		"screenshot":  encodePNG(t, screenshot),
		"jpeg":        asJPEG(screenshot),
		"gif":         asGIF.Bytes(),
		"cut":         encodePNG(t, cut),
		"transparent": encodePNG(t, clear),
		"large":       asJPEG(within(t, 12, 4200, 3000)),
	} {
		got, err := read(t, picture)
		if err != nil || got != cardText {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPictureWithoutCode(t *testing.T) {
	blank := image.NewRGBA(image.Rect(0, 0, 400, 300))
	noise := within(t, 1, 900, 700)
	for name, picture := range map[string][]byte{
		"blank":       encodePNG(t, blank),
		"noise":       encodePNG(t, noise.SubImage(image.Rect(0, 0, 280, 170))),
		"one pixel":   encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 1))),
		"not picture": []byte("hello"),
		"empty":       nil,
		"cut short":   encodePNG(t, code(t, 5))[:200],
	} {
		if got, err := read(t, picture); !errors.Is(err, ErrNoCode) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestPictureFileOf100MB(t *testing.T) {
	path := filepath.Join(t.TempDir(), "card.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(encodePNG(t, code(t, 5))); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(100 << 20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := ReadPictureFile(t.Context(), path); !errors.Is(err, ErrPictureTooLarge) {
		t.Errorf("error %v", err)
	}
}

// bomb is a valid PNG of side x side pixels, one bit each, that deflates to almost nothing.
func bomb(t *testing.T, side uint32) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(data)))
		out.Write(n[:])
		out.WriteString(kind)
		out.Write(data)
		binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(append([]byte(kind), data...)))
		out.Write(n[:])
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, side)
	binary.BigEndian.PutUint32(head[4:], side)
	head[8] = 1 // bits, colour type 0: grey
	chunk("IHDR", head)
	var data bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, zlib.BestCompression)
	line := make([]byte, 1+(side+7)/8)
	for range side {
		if _, err := z.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	chunk("IDAT", data.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}

func TestPictureBombIsRefusedBeforeItIsDecoded(t *testing.T) {
	for _, side := range []uint32{5000, 20000} {
		picture := bomb(t, side)
		if len(picture) > 1<<20 {
			t.Fatalf("the bomb has %d bytes", len(picture))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := read(t, picture)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrPictureTooLarge) {
			t.Errorf("%d pixels: error %v", side, err)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%d pixels: %d bytes were allocated to refuse it", side, n)
		}
	}
}

func TestPictureWideAndFlat(t *testing.T) {
	if _, err := read(t, encodePNG(t, image.NewGray(image.Rect(0, 0, maxPictureSide+1, 2)))); !errors.Is(err, ErrPictureTooLarge) {
		t.Errorf("error %v", err)
	}
}

// A GIF whose frame is larger than its screen must not get past the check of the screen.
func TestGIFFrameLargerThanItsScreen(t *testing.T) {
	var b bytes.Buffer
	if err := gif.Encode(&b, code(t, 4), nil); err != nil {
		t.Fatal(err)
	}
	picture := b.Bytes()
	binary.LittleEndian.PutUint16(picture[6:], 4)
	binary.LittleEndian.PutUint16(picture[8:], 4)
	if _, err := read(t, picture); !errors.Is(err, ErrNoCode) {
		t.Errorf("error %v", err)
	}
}

func TestPictureEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	picture := encodePNG(t, code(t, 5))
	if _, err := ReadPicture(ctx, bytes.NewReader(picture), int64(len(picture))); !errors.Is(err, ErrNoCode) {
		t.Errorf("error %v", err)
	}
}
