package camera

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"sync"
)

var errFrame = errors.New("a picture that cannot be read")

// fromYUYV reads pixels in pairs: brightness, blue, brightness, red. Lines may be padded.
func fromYUYV(b []byte, w, h int) (*image.YCbCr, error) {
	if w < 2 || h < 1 || w > maxSide || h > maxSide || len(b) < 2*w*h {
		return nil, errFrame
	}
	stride := 2 * w
	if len(b)%h == 0 {
		stride = len(b) / h
	}
	img := image.NewYCbCr(image.Rect(0, 0, w&^1, h), image.YCbCrSubsampleRatio422)
	for y := range h {
		line := b[y*stride : y*stride+2*(w&^1)]
		light, blue, red := img.Y[y*img.YStride:], img.Cb[y*img.CStride:], img.Cr[y*img.CStride:]
		for x := 0; x < len(line); x += 4 {
			light[x/2], light[x/2+1] = line[x], line[x+2]
			blue[x/4], red[x/4] = line[x+1], line[x+3]
		}
	}
	return img, nil
}

// fromGrey reads a byte a pixel.
func fromGrey(b []byte, w, h int) (*image.YCbCr, error) {
	if w < 1 || h < 1 || w > maxSide || h > maxSide || len(b) < w*h {
		return nil, errFrame
	}
	stride := w
	if len(b)%h == 0 {
		stride = len(b) / h
	}
	return colourless(b, w, h, stride), nil
}

func colourless(b []byte, w, h, stride int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		copy(img.Y[y*img.YStride:y*img.YStride+w], b[y*stride:])
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
	}
	return img
}

// fromJPEG reads a picture of a Motion-JPEG stream.
func fromJPEG(b []byte) (*image.YCbCr, error) {
	b, err := withTables(b)
	if err != nil {
		return nil, err
	}
	head, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || head.Width < 2 || head.Height < 1 || head.Width > maxSide || head.Height > maxSide {
		return nil, errFrame
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, errFrame
	}
	switch img := img.(type) {
	case *image.YCbCr:
		return img, nil
	case *image.Gray:
		return colourless(img.Pix, head.Width, head.Height, img.Stride), nil
	}
	return nil, errFrame
}

// Markers of JPEG (ITU-T T.81, table B.1).
const (
	markStart   = 0xD8
	markTables  = 0xC4 // Huffman tables
	markScan    = 0xDA // what follows is the picture
	lengthBytes = 2
)

// withTables adds the Huffman tables that cameras leave out of every picture, because
// they are always the ones of T.81, annex K.
func withTables(b []byte) ([]byte, error) {
	at, found, err := segment(b, markTables)
	if err != nil || found {
		return b, err
	}
	tables, err := standardTables()
	if err != nil {
		return nil, err
	}
	return append(append(append(make([]byte, 0, len(b)+len(tables)), b[:at]...), tables...), b[at:]...), nil
}

// segment returns where the first segment with a mark begins, or where the picture does
// if there is none.
func segment(b []byte, mark byte) (at int, found bool, err error) {
	if len(b) < 2 || b[0] != 0xFF || b[1] != markStart {
		return 0, false, errFrame
	}
	for at = 2; at+2+lengthBytes <= len(b); {
		if b[at] != 0xFF {
			return 0, false, errFrame
		}
		switch b[at+1] {
		case mark:
			return at, true, nil
		case markScan:
			return at, false, nil
		case 0xFF: // padding
			at++
			continue
		}
		at += 2 + int(b[at+2])<<8 + int(b[at+3])
	}
	return 0, false, errFrame
}

// standardTables are those segments as Go's own encoder writes them, which uses no others.
var standardTables = sync.OnceValues(func() ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewYCbCr(image.Rect(0, 0, 8, 8), image.YCbCrSubsampleRatio420), nil); err != nil {
		return nil, fmt.Errorf("tables of JPEG: %w", err)
	}
	b := out.Bytes()
	at, found, err := segment(b, markTables)
	if err != nil || !found {
		return nil, errFrame
	}
	end, _, err := segment(b, markScan)
	if err != nil {
		return nil, err
	}
	return b[at:end], nil
})
