package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/image/webp"
)

// canary is what no stripped picture may hold.
const canary = "48.8584N 2.2945E taken by"

// drawn returns a picture with some detail.
func drawn(w, h int) image.Image {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{
		color.Black, color.White, color.NRGBA{200, 30, 30, 255}, color.NRGBA{0, 90, 200, 255}, color.NRGBA{9, 9, 9, 255},
	})
	for i := range img.Pix {
		img.Pix[i] = byte(rng.IntN(5))
	}
	return img
}

// exifWith returns EXIF with an orientation among other things.
func exifWith(order binary.AppendByteOrder, orientation int) []byte {
	b := []byte("II*\x00")
	if order.String() == "BigEndian" {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010f) // maker
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, uint32(len(canary)))
	b = order.AppendUint32(b, 38)
	b = order.AppendUint16(b, orientationTag)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(orientation))
	b = order.AppendUint16(b, 0)
	b = order.AppendUint32(b, 0)
	return append(b, canary...)
}

func jpegOf(t testing.TB, img image.Image, orientation int) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	b := bytes.Clone(plain.Bytes()[:2])
	thumb := append([]byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x03"), bytes.Repeat([]byte("Tmb"), 6)...)
	b = append(b, jpegSegmentOf(0xe0, thumb)...)
	b = append(b, jpegSegmentOf(0xe1, append([]byte("Exif\x00\x00"), exifWith(binary.LittleEndian, orientation)...))...)
	b = append(b, jpegSegmentOf(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+canary))...)
	b = append(b, jpegSegmentOf(0xe2, []byte("ICC_PROFILE\x00\x01\x01profile"))...)
	b = append(b, jpegSegmentOf(0xe2, []byte("MPF\x00"+canary))...)
	b = append(b, jpegSegmentOf(0xed, []byte("Photoshop 3.0\x00"+canary))...)
	b = append(b, jpegSegmentOf(0xfe, []byte(canary))...)
	b = append(b, 0xff, 0xff, 0xff) // fill
	b = append(b, plain.Bytes()[3:]...)
	return append(b, jpegOfTrailer()...)
}

// jpegOfTrailer is what cameras put behind a picture: another one, or a film.
func jpegOfTrailer() []byte { return []byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00" + canary) }

func pngOf(t testing.TB, img image.Image, orientation int) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := png.Encode(&plain, img); err != nil {
		t.Fatal(err)
	}
	const first = 8 + 25
	b := bytes.Clone(plain.Bytes()[:first])
	b = append(b, pngChunkOf("gAMA", []byte{0, 0, 0xb1, 0x8f})...)
	b = append(b, pngChunkOf("tEXt", []byte("Comment\x00"+canary))...)
	b = append(b, pngChunkOf("eXIf", exifWith(binary.BigEndian, orientation))...)
	b = append(b, pngChunkOf("tIME", []byte{7, 0xea, 3, 1, 12, 0, 0})...)
	b = append(b, pngChunkOf("prVt", []byte(canary))...)
	b = append(b, plain.Bytes()[first:]...)
	return append(b, canary...)
}

func gifOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var plain bytes.Buffer
	frame := img.(*image.Paletted)
	all := gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{7, 9}, LoopCount: 3}
	if err := gif.EncodeAll(&plain, &all); err != nil {
		t.Fatal(err)
	}
	p := plain.Bytes()
	first := 13 + int(colourTable(p[10]))
	b := bytes.Clone(p[:first])
	b = append(b, 0x21, 0xfe, byte(len(canary)))
	b = append(append(b, canary...), 0)
	b = append(b, 0x21, 0xff, 11)
	b = append(append(b, "XMP DataXMP"...), byte(len(canary)))
	b = append(append(b, canary...), 0)
	b = append(b, p[first:]...)
	return append(b, canary...)
}

// dot is a WebP of one pixel.
const dot = "VP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"

func riffOf(chunks string) []byte {
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(chunks)+4))) + "WEBP" + chunks)
}

func riffChunk(kind, data string) string {
	s := kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data
	return s + strings.Repeat("\x00", len(data)&1)
}

func webpOf(orientation int) []byte {
	return append(riffOf(riffChunk("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00")+dot+
		riffChunk("EXIF", string(exifWith(binary.BigEndian, orientation)))+
		riffChunk("XMP ", canary)+riffChunk("odd!", canary+"x")), canary...)
}

// opener opens b as often as it is asked to.
func opener(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

func strip(b []byte) ([]byte, Info, error) {
	r, err := Open(opener(b), false)
	if err != nil {
		return nil, Info{}, err
	}
	defer r.Close()
	out, err := io.ReadAll(r)
	return out, r.Info(), err
}

type sample struct {
	name   string
	data   []byte
	want   Info
	decode func(io.Reader) (image.Image, error)
}

func samples(t testing.TB) []sample {
	img := drawn(61, 40)
	var all []sample
	for _, o := range []int{1, 6} {
		want := Info{Width: 61, Height: 40}
		if o > 1 {
			want.Orientation = o
		}
		add := func(media string, data []byte, decode func(io.Reader) (image.Image, error)) {
			want := want
			want.Type = media
			all = append(all, sample{fmt.Sprint(media, o), data, want, decode})
		}
		add(JPEG, jpegOf(t, img, o), jpeg.Decode)
		add(PNG, pngOf(t, img, o), png.Decode)
		want.Width, want.Height = 1, 1
		add(WebP, webpOf(o), webp.Decode)
	}
	all = append(all, sample{"image/gif", gifOf(t, img), Info{Type: GIF, Width: 61, Height: 40}, gif.Decode})
	return append(all, sample{"image/webp plain", riffOf(dot), Info{Type: WebP, Width: 1, Height: 1}, webp.Decode})
}

func TestMetadataIsStripped(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			out, info, err := strip(s.data)
			if err != nil {
				t.Fatal(err)
			}
			if info != s.want {
				t.Errorf("info %+v, want %+v", info, s.want)
			}
			if bytes.Contains(out, []byte("48.8584")) || bytes.Contains(out, []byte("Tmb")) {
				t.Error("something of the metadata is left")
			}
			wantSame(t, s.decode, s.data, out)
			again, info2, err := strip(out)
			if err != nil || !bytes.Equal(again, out) || info2 != info {
				t.Errorf("stripped again it is another one: %v, %+v", err, info2)
			}
			if s.want.Type == JPEG && !bytes.Contains(out, []byte("ICC_PROFILE\x00\x01\x01profile")) {
				t.Error("the colour profile is gone")
			}
		})
	}
}

// wantSame fails unless both decode to the same pixels, or neither does.
func wantSame(t *testing.T, decode func(io.Reader) (image.Image, error), a, b []byte) {
	t.Helper()
	before, err := decode(bytes.NewReader(a))
	if err != nil {
		return // the original was none
	}
	after, err := decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("what is left does not decode: %v", err)
	}
	if before.Bounds() != after.Bounds() {
		t.Fatalf("bounds %v, want %v", after.Bounds(), before.Bounds())
	}
	for y := before.Bounds().Min.Y; y < before.Bounds().Max.Y; y++ {
		for x := before.Bounds().Min.X; x < before.Bounds().Max.X; x++ {
			if before.At(x, y) != after.At(x, y) {
				t.Fatalf("pixel %d,%d changed", x, y)
			}
		}
	}
}

func TestAnimationStays(t *testing.T) {
	out, _, err := strip(gifOf(t, drawn(9, 9)))
	if err != nil {
		t.Fatal(err)
	}
	all, err := gif.DecodeAll(bytes.NewReader(out))
	if err != nil || len(all.Image) != 2 || all.Delay[1] != 9 || all.LoopCount != 3 {
		t.Errorf("%d frames, delays %v, loops %d, %v", len(all.Image), all.Delay, all.LoopCount, err)
	}
}

func TestExtendedWebPSaysWhatIsLeft(t *testing.T) {
	for orientation, flags := range map[int]byte{1: 0, 8: webpHasExif} {
		out, _, err := strip(webpOf(orientation))
		if err != nil {
			t.Fatal(err)
		}
		if got := binary.LittleEndian.Uint32(out[4:]); int(got) != len(out)-8 {
			t.Errorf("its length says %d of %d bytes", got, len(out)-8)
		}
		if out[20] != flags {
			t.Errorf("flags %#x, want %#x", out[20], flags)
		}
	}
}

// TestFrameBeyondTheCanvas: a WebP that promises one pixel and holds a frame of millions.
func TestFrameBeyondTheCanvas(t *testing.T) {
	big := riffOf(riffChunk("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") +
		riffChunk("VP8L", "\x2f"+string(binary.LittleEndian.AppendUint32(nil, 16000|16000<<14))+"\x00"))
	if info, err := Header(bytes.NewReader(big)); !errors.Is(err, ErrMalformed) {
		t.Errorf("header: %+v, %v", info, err)
	}
	if _, _, err := strip(big); !errors.Is(err, ErrMalformed) {
		t.Errorf("whole: %v", err)
	}
}

func TestWhatMakesDecodingDear(t *testing.T) {
	progressive := bytes.Replace(jpegOf(t, drawn(8, 8), 1), []byte{0xff, 0xc0, 0, 17}, []byte{0xff, 0xc2, 0, 17}, 1)
	if info, err := Header(bytes.NewReader(progressive)); err != nil || !info.Progressive {
		t.Errorf("%+v, %v", info, err)
	}
	var deep bytes.Buffer
	png.Encode(&deep, image.NewNRGBA64(image.Rect(0, 0, 2, 2)))
	if info, err := Header(&deep); err != nil || !info.Deep {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestKeptAsItIs(t *testing.T) {
	for _, s := range samples(t) {
		r, err := Open(opener(s.data), true)
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(out, s.data) {
			t.Errorf("%s: altered, %v", s.name, err)
		}
		if got := r.Info(); got.Type != s.want.Type || got.Width != s.want.Width || got.Height != s.want.Height {
			t.Errorf("%s: %+v", s.name, got)
		}
	}
	for _, b := range [][]byte{nil, []byte("x"), []byte("plain text"), bytes.Repeat([]byte{7}, 100000)} {
		out, info, err := strip(b)
		if err != nil || !bytes.Equal(out, b) || info != (Info{}) {
			t.Errorf("%d bytes of no picture: %d, %+v, %v", len(b), len(out), info, err)
		}
	}
}

// TestPiecesOfAnySize: however the bytes come, the same goes out.
func TestPiecesOfAnySize(t *testing.T) {
	img := drawn(700, 500) // its scan is longer than a piece
	for _, data := range [][]byte{jpegOf(t, img, 3), pngOf(t, img, 3), gifOf(t, img), webpOf(3)} {
		want, _, err := strip(data)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(func() (io.ReadCloser, error) {
			return io.NopCloser(iotest.OneByteReader(bytes.NewReader(data))), nil
		}, false)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(iotest.OneByteReader(r))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("byte by byte it is another one: %v", err)
		}
	}
}

func TestTruncatedAndAltered(t *testing.T) {
	for _, s := range samples(t) {
		whole, _, err := strip(s.data)
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole {
			out, _, err := strip(whole[:n])
			if err != nil && !errors.Is(err, ErrMalformed) {
				t.Fatalf("%s cut to %d: %v", s.name, n, err)
			}
			if !bytes.HasPrefix(whole, out) && s.want.Type != WebP {
				t.Fatalf("%s cut to %d is no beginning of it", s.name, n)
			}
		}
	}
}

var errDisk = errors.New("disk")

func TestErrorsOfReadingAreKept(t *testing.T) {
	for _, s := range samples(t) {
		for _, n := range []int{0, 5, 40, len(s.data) / 2} {
			r, err := Open(func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(bytes.NewReader(s.data[:min(n, len(s.data)/2)]), iotest.ErrReader(errDisk))), nil
			}, false)
			if err == nil {
				_, err = io.ReadAll(r)
			}
			if !errors.Is(err, errDisk) {
				t.Errorf("%s after %d bytes: %v", s.name, n, err)
			}
		}
	}
	if _, err := Open(func() (io.ReadCloser, error) { return nil, errDisk }, false); !errors.Is(err, errDisk) {
		t.Errorf("open: %v", err)
	}
}

func TestHeader(t *testing.T) {
	for _, s := range samples(t) {
		info, err := Header(bytes.NewReader(s.data))
		if err != nil || info.Width != s.want.Width || info.Height != s.want.Height || info.Type != s.want.Type {
			t.Errorf("%s: %+v, %v", s.name, info, err)
		}
		if s.want.Type == JPEG && info.Orientation != s.want.Orientation {
			t.Errorf("%s: orientation %d", s.name, info.Orientation)
		}
	}
	for _, bad := range []string{"", "plain", "\xff\xd8\xff", "GIF89a\x00\x00\x00\x00\x00\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x00"} {
		if info, err := Header(strings.NewReader(bad)); !errors.Is(err, ErrMalformed) || info.Width != 0 {
			t.Errorf("%q: %+v, %v", bad, info, err)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want bool
	}{{1, 1, true}, {20000, 2500, true}, {20001, 1, false}, {1, 20001, false}, {10000, 5001, false}, {0, 5, false}} {
		if got := (Info{Width: tt.w, Height: tt.h}).Decodable(); got != tt.want {
			t.Errorf("%d x %d: %v", tt.w, tt.h, got)
		}
	}
	if w, h := (Info{Width: 3, Height: 2, Orientation: 6}).Shown(); w != 2 || h != 3 {
		t.Errorf("turned: %d x %d", w, h)
	}
	if w, h := (Info{Width: 3, Height: 2, Orientation: 3}).Shown(); w != 3 || h != 2 {
		t.Errorf("upside down: %d x %d", w, h)
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]string{
		"": "", "MZ\x90": "", "\xff\xd8\xff\xe0": JPEG, "GIF89a": GIF, "GIF88a": "", "RIFF....WEBPVP8 ": WebP,
		"RIFX....WEBPVP8 ": "", "RIFF....WAVEfmt ": "audio/wav", "%PDF-1.7": "application/pdf",
		"....ftypisom": "video/mp4", "....ftypheic": "image/heic", "OggS\x00": "audio/ogg",
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

func TestOrientationOf(t *testing.T) {
	whole := exifWith(binary.BigEndian, 5)
	for n := range whole {
		got := orientationOf(whole[:n])
		if want := 0; n >= 34 { // both entries are there
			if want = 5; got != want {
				t.Errorf("%d bytes: %d", n, got)
			}
		} else if got != 0 {
			t.Errorf("%d bytes: %d", n, got)
		}
	}
	for _, o := range []int{0, 9, 1 << 15} {
		if got := orientationOf(exifWith(binary.LittleEndian, o)); got != 0 {
			t.Errorf("orientation %d: %d", o, got)
		}
	}
	for o := 1; o <= 8; o++ {
		if got := orientationOf(exifOf(o)); got != o {
			t.Errorf("written %d, read %d", o, got)
		}
	}
	if got := orientationOf([]byte("MM\x00*\xff\xff\xff\xff")); got != 0 {
		t.Errorf("a directory beyond the end: %d", got)
	}
}
