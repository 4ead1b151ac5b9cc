package preview

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tacit/app/picture"
)

// striped is a picture whose left part is red, whose top edge is green and the rest blue,
// so that each way of turning it looks different.
func striped(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{B: 255, A: 255}
			switch {
			case y < h/4:
				c = color.RGBA{G: 255, A: 255}
			case x < w/4:
				c = color.RGBA{R: 255, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t *testing.T, kind string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, img)
	case "jpeg":
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	case "gif":
		err = gif.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts an orientation into a JPEG.
func exif(jpg []byte, orientation byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(body) + 2)}
	return append(append(head, body...), jpg[2:]...)
}

func decodeBytes(b []byte, w, h int) (*image.RGBA, error) {
	return Decode(context.Background(), bytes.NewReader(b), w, h)
}

func TestDecodeScalesDown(t *testing.T) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		img, err := decodeBytes(encoded(t, kind, striped(400, 200)), 100, 20)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if img.Rect.Dx() != 100 || img.Rect.Dy() != 50 {
			t.Errorf("%s: to cover 100 by 20 it is %v", kind, img.Rect)
		}
		if c := img.RGBAAt(5, 40); c.R < 200 || c.B > 60 {
			t.Errorf("%s: the left part is %v", kind, c)
		}
	}
	img, err := decodeBytes(encoded(t, "png", striped(40, 20)), 1000, 1000)
	if err != nil || img.Rect.Dx() != 40 {
		t.Errorf("a small picture is %v, %v", img.Rect, err)
	}
}

// TestDecodeTurns compares what stands in the corners of all orientations with what a
// camera means by them: where the first row and the first column of the file belong.
func TestDecodeTurns(t *testing.T) {
	jpg := encoded(t, "jpeg", striped(64, 32))
	where := map[byte][2]string{ // the side of the file's top, and of its left
		1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	}
	for o, sides := range where {
		img, err := decodeBytes(exif(jpg, o), 1000, 1000)
		if err != nil {
			t.Errorf("orientation %d: %v", o, err)
			continue
		}
		w, h := img.Rect.Dx(), img.Rect.Dy()
		if lies := w < h; lies != (o >= 5) {
			t.Errorf("orientation %d is %d by %d", o, w, h)
		}
		side := map[string]image.Point{
			"top": {w / 2, 2}, "bottom": {w / 2, h - 3}, "left": {2, h / 2}, "right": {w - 3, h / 2},
		}
		if c := img.RGBAAt(side[sides[0]].X, side[sides[0]].Y); c.G < 200 {
			t.Errorf("orientation %d: the %s is %v, want green", o, sides[0], c)
		}
		if c := img.RGBAAt(side[sides[1]].X, side[sides[1]].Y); c.R < 200 {
			t.Errorf("orientation %d: the %s is %v, want red", o, sides[1], c)
		}
	}
}

// bombPNG is a small file that tells of a picture of w by h, eight bits or sixteen.
func bombPNG(w, h uint32, depth byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
		body := append([]byte(kind), data...)
		b = append(b, body...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(body))
	}
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	chunk("IHDR", append(ihdr, depth, 6, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 0x01, 0, 0, 0xff, 0xff})
	chunk("IEND", nil)
	return b
}

// bombJPEG is one with a frame of w by h, progressive or not.
func bombJPEG(w, h uint16, progressive bool) []byte {
	sof := byte(0xc0)
	if progressive {
		sof = 0xc2
	}
	b := []byte{0xff, 0xd8, 0xff, sof, 0, 17, 8}
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	b = append(b, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0)
	return append(b, 0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0xff, 0xd9)
}

func bombGIF(w, h uint16) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, w)
	b = binary.LittleEndian.AppendUint16(b, h)
	b = append(b, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, w)
	b = binary.LittleEndian.AppendUint16(b, h)
	return append(b, 0, 2, 2, 0x4c, 1, 0, 0x3b)
}

// bombWebP has a frame of w by h inside a canvas of one pixel.
func bombWebP(w, h uint16) []byte {
	frame := []byte{0x30, 1, 0, 0x9d, 1, 0x2a}
	frame = binary.LittleEndian.AppendUint16(frame, w)
	frame = binary.LittleEndian.AppendUint16(frame, h)
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00"), make([]byte, 10)...)
	body = append(body, "VP8 "...)
	body = binary.LittleEndian.AppendUint32(body, uint32(len(frame)))
	body = append(body, frame...)
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	return append(b, body...)
}

// TestBombs: small files of huge pictures are refused by their headers; none makes the
// decoders take memory.
func TestBombs(t *testing.T) {
	for what, b := range map[string][]byte{
		"a PNG of 19999 by 19999":              bombPNG(19999, 19999, 8),
		"a PNG of 4 billion pixels a side":     bombPNG(1<<32-1, 1<<32-1, 8),
		"a PNG of 7000 by 7000 in sixteen bit": bombPNG(7000, 7000, 16),
		"a JPEG of 65535 by 65535":             bombJPEG(65535, 65535, false),
		"a progressive JPEG of 7000 by 7000":   bombJPEG(7000, 7000, true),
		"a GIF of 65535 by 65535":              bombGIF(65535, 65535),
		"a WebP larger than it says":           bombWebP(16383, 16383),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		img, err := decodeBytes(b, 100, 100)
		runtime.ReadMemStats(&after)
		if img != nil || !errors.Is(err, ErrTooLarge) && !errors.Is(err, picture.ErrMalformed) {
			t.Errorf("%s: %v, %v", what, img.Bounds(), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s took %d bytes of memory", what, took)
		}
	}
}

func TestDecodeRefusesWhatIsNoPicture(t *testing.T) {
	jpg := encoded(t, "jpeg", striped(64, 64))
	for what, b := range map[string][]byte{
		"nothing": nil, "text": []byte("hello"), "a JPEG cut short": jpg[:len(jpg)/2], "a PNG of nothing": bombPNG(0, 0, 8),
	} {
		if _, err := decodeBytes(b, 10, 10); !errors.Is(err, picture.ErrMalformed) && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// window is the goroutine that a cache belongs to: that of the test.
type window struct {
	wg    sync.WaitGroup
	mu    sync.Mutex
	posts []func()
}

func (w *window) post(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.posts = append(w.posts, f)
}

func (w *window) settle() {
	w.wg.Wait()
	w.mu.Lock()
	run := w.posts
	w.posts = nil
	w.mu.Unlock()
	for _, f := range run {
		f()
	}
}

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

func newCache(t *testing.T, open Open) (*Cache, *window) {
	w := &window{}
	c := New(t.Context(), w.wg.Go, w.post, open)
	return c, w
}

func TestCacheLoadsOnceAndKeeps(t *testing.T) {
	defer goleak.VerifyNone(t)
	data, opened := encoded(t, "png", striped(300, 300)), 0
	c, w := newCache(t, func(context.Context, int64) (io.ReadSeekCloser, error) {
		opened++
		return file{bytes.NewReader(data)}, nil
	})
	var told []int64
	c.OnLoaded = func(id int64) { told = append(told, id) }
	for range 3 {
		if c.Get(1, 100, 100) != nil {
			t.Fatal("a picture before it was loaded")
		}
	}
	w.settle()
	if img := c.Get(1, 100, 100); img == nil || img.Bounds().Dx() != 100 || opened != 1 || len(told) != 1 {
		t.Errorf("the picture is %v, opened %d times, told %v", img, opened, told)
	}
	if img := c.Get(1, 200, 200); img == nil || img.Bounds().Dx() != 100 {
		t.Error("nothing is shown while a larger one is loaded")
	}
	w.settle()
	if img := c.Get(1, 500, 500); img == nil || img.Bounds().Dx() != 200 {
		t.Error("not the larger one")
	}
	w.settle()
	c.Get(1, 5000, 5000) // there is none so large: it is not asked for for ever
	w.settle()
	if opened != 3 {
		t.Errorf("opened %d times", opened)
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, _ := newCache(t, nil)
	for id := range int64(12) {
		c.loaded(id, image.NewRGBA(image.Rect(0, 0, 1500, 1500)), nil, 1500, 1500)
		if c.bytes > maxCached {
			t.Fatalf("%d bytes are kept", c.bytes)
		}
	}
	if len(c.pictures) != maxCached/(1500*1500*4) || c.pictures[11] == nil || c.pictures[0] != nil {
		t.Errorf("%d pictures are kept", len(c.pictures))
	}
	c.Forget(11)
	c.Clear()
	if c.bytes != 0 || len(c.pictures) != 0 || c.order.Len() != 0 {
		t.Errorf("%d bytes are kept of nothing", c.bytes)
	}
}

func TestCacheRemembersFailures(t *testing.T) {
	opened := 0
	c, w := newCache(t, func(context.Context, int64) (io.ReadSeekCloser, error) {
		opened++
		return file{bytes.NewReader([]byte("no picture"))}, nil
	})
	for range 3 {
		if c.Get(1, 10, 10) != nil {
			t.Fatal("a picture of nothing")
		}
		w.settle()
	}
	if !c.Failed(1) || opened != 1 {
		t.Errorf("failed %v, opened %d times", c.Failed(1), opened)
	}
	c.Forget(1)
	if c.Failed(1) {
		t.Error("what was forgotten still failed")
	}
}

// stuck is a file whose bytes never come until it is let go.
type stuck struct {
	reading chan struct{}
	gone    <-chan struct{}
}

func (s stuck) Read([]byte) (int, error) {
	s.reading <- struct{}{}
	<-s.gone
	return 0, context.Canceled
}
func (stuck) Seek(int64, int) (int64, error) { return 0, nil }
func (stuck) Close() error                   { return nil }

// TestCacheGivesUpWhatIsOutOfSight: the load ends, nothing is remembered as failed, and
// the next one has its turn.
func TestCacheGivesUpWhatIsOutOfSight(t *testing.T) {
	defer goleak.VerifyNone(t)
	data, reading := encoded(t, "png", striped(30, 30)), make(chan struct{})
	c, w := newCache(t, func(ctx context.Context, id int64) (io.ReadSeekCloser, error) {
		if id == 1 {
			return stuck{reading, ctx.Done()}, nil
		}
		return file{bytes.NewReader(data)}, nil
	})
	c.Get(1, 10, 10)
	<-reading
	c.Get(2, 10, 10)
	c.Get(3, 10, 10)
	c.Unload(3) // while it waits for its turn
	c.Unload(1)
	w.settle()
	if c.Failed(1) || c.Failed(3) || c.Get(2, 10, 10) == nil {
		t.Errorf("failed %v, %v", c.Failed(1), c.Failed(3))
	}
	if c.pictures[3] != nil {
		t.Error("what was given up is there")
	}
}

func TestCacheEndsWithItsContext(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	reading := make(chan struct{})
	w := &window{}
	c := New(ctx, w.wg.Go, w.post, func(ctx context.Context, _ int64) (io.ReadSeekCloser, error) {
		return stuck{reading, ctx.Done()}, nil
	})
	c.Get(1, 10, 10)
	<-reading
	cancel()
	w.settle()
	c.Get(2, 10, 10)
	if len(c.loading) != 0 {
		t.Error("a load begins after the end")
	}
}
