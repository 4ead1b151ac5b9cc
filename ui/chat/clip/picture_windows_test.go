package clip

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/image/bmp"
)

// put lays data on the clipboard in a format, and nothing else.
func put(t *testing.T, format uintptr, data []byte) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := hold(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer closeClipboard.Call()
	user32.NewProc("EmptyClipboard").Call()
	if data == nil {
		return
	}
	const moveable = 2
	memory, _, _ := kernel32.NewProc("GlobalAlloc").Call(moveable, uintptr(len(data)))
	at, _, _ := globalLock.Call(memory)
	moveMemory.Call(at, uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)))
	globalUnlock.Call(memory)
	if ok, _, err := user32.NewProc("SetClipboardData").Call(format, memory); ok == 0 {
		t.Fatal(err)
	}
}

func TestPicture(t *testing.T) {
	drawn := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	drawn.Set(1, 1, color.NRGBA{R: 255, A: 255})
	for i := 3; i < len(drawn.Pix); i += 4 {
		drawn.Pix[i] = 255
	}
	var asPNG, asBMP bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, drawn), bmp.Encode(&asBMP, drawn)); err != nil {
		t.Fatal(err)
	}
	put(t, format("PNG"), asPNG.Bytes())
	if got, err := Picture(t.Context()); err != nil || !bytes.HasPrefix(got, asPNG.Bytes()) {
		t.Errorf("PNG: %d bytes, %v", len(got), err)
	}
	put(t, deviceIndependent, asBMP.Bytes()[bitmapFileHead:])
	got, err := Picture(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back, err := png.Decode(bytes.NewReader(got))
	if err != nil || back.Bounds() != drawn.Bounds() || color.NRGBAModel.Convert(back.At(1, 1)) != drawn.At(1, 1) {
		t.Errorf("bitmap: %v, %v", back, err)
	}
}

func TestNoPicture(t *testing.T) {
	put(t, 0, nil)
	if _, err := Picture(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("%v", err)
	}
	put(t, deviceIndependent, []byte("no bitmap at all, but as long as the head of one"))
	if _, err := Picture(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("%v", err)
	}
	var head bytes.Buffer
	if err := bmp.Encode(&head, image.NewNRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	large := head.Bytes()[bitmapFileHead:]
	large[6], large[10] = 0x7f, 0x7f // eight million points a side
	put(t, deviceIndependent, large)
	if _, err := Picture(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("a bitmap that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Picture(ctx); !errors.Is(err, ErrNone) {
		t.Errorf("cancelled: %v", err)
	}
}
