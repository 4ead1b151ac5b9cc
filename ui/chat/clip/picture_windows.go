package clip

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"image/png"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/image/bmp"
	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	formatAvailable  = user32.NewProc("IsClipboardFormatAvailable")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	getClipboardData = user32.NewProc("GetClipboardData")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	globalSize       = kernel32.NewProc("GlobalSize")
	moveMemory       = kernel32.NewProc("RtlMoveMemory")
)

// formats are files of pictures, as programs name them on this clipboard.
var formats = []string{"PNG", "image/png", "JFIF", "image/jpeg", "image/webp", "GIF", "image/gif"}

// deviceIndependent is a bitmap without the head of its file (CF_DIB), as of a screen that
// was photographed.
const deviceIndependent uintptr = 8

// retry is how long to wait before a clipboard is tried again that another program has open.
const retry = 20 * time.Millisecond

// Sizes of a bitmap, in bytes: the head of its file, which the clipboard leaves out, and the
// least head of the picture itself (BITMAPFILEHEADER, BITMAPINFOHEADER).
const (
	bitmapFileHead = 14
	bitmapHead     = 40
)

// Picture returns the picture on the clipboard as a file: PNG, JPEG, WebP or GIF. ErrNone
// where there is none, or another program holds the clipboard for too long.
func Picture(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// The clipboard is opened for a thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := hold(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	defer closeClipboard.Call()
	for _, name := range formats {
		if data, ok := content(format(name)); ok {
			return data, nil
		}
	}
	if bits, ok := content(deviceIndependent); ok {
		return fromBitmap(bits)
	}
	return nil, ErrNone
}

// hold opens the clipboard, which one program can at a time.
func hold(ctx context.Context) error {
	again := time.NewTicker(retry)
	defer again.Stop()
	for {
		if ok, _, _ := openClipboard.Call(0); ok != 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

func format(name string) uintptr {
	wide, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0
	}
	f, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(wide)))
	return f
}

// content copies what the clipboard holds in a format.
func content(format uintptr) ([]byte, bool) {
	if format == 0 {
		return nil, false
	}
	if there, _, _ := formatAvailable.Call(format); there == 0 {
		return nil, false
	}
	memory, _, _ := getClipboardData.Call(format)
	if memory == 0 {
		return nil, false
	}
	size, _, _ := globalSize.Call(memory)
	at, _, _ := globalLock.Call(memory)
	if at == 0 || size == 0 || size > maxPicture {
		return nil, false
	}
	defer globalUnlock.Call(memory)
	data := make([]byte, size)
	moveMemory.Call(uintptr(unsafe.Pointer(&data[0])), at, size)
	return data, true
}

// fromBitmap gives a bitmap the head of a file, reads it and returns it as PNG.
func fromBitmap(bits []byte) ([]byte, error) {
	if len(bits) < bitmapHead {
		return nil, ErrNone
	}
	le := binary.LittleEndian
	begin := bitmapFileHead + le.Uint32(bits) // behind the head comes the palette, and behind that the points
	if le.Uint16(bits[14:]) <= 8 {
		colours := le.Uint32(bits[32:])
		if colours == 0 {
			colours = 1 << le.Uint16(bits[14:])
		}
		begin += 4 * colours
	} else if le.Uint32(bits) == bitmapHead && le.Uint32(bits[16:]) == 3 {
		begin += 12 // masks of the three colours
	}
	file := append([]byte("BM"), make([]byte, bitmapFileHead-2)...)
	le.PutUint32(file[2:], uint32(bitmapFileHead+len(bits)))
	le.PutUint32(file[10:], begin)
	file = append(file, bits...)
	// A head may promise more points than follow: none takes less than a bit.
	promised, err := bmp.DecodeConfig(bytes.NewReader(file))
	if err != nil || int64(promised.Width)*int64(promised.Height) > 8*int64(len(bits)) {
		return nil, ErrNone
	}
	picture, err := bmp.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	return out.Bytes(), nil
}
