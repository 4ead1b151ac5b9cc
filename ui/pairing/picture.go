package pairing

import (
	"context"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // a format that cards arrive in
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io"
	"os"

	"tacit/ui/pairing/scan"
)

// ReadPictureFile finds the text of the QR code in a picture file: PNG, JPEG or GIF.
// It may take seconds and belongs off the window's goroutine.
func ReadPictureFile(ctx context.Context, path string) (string, error) {
	// Asked before it is opened: opening a named pipe would wait for its other end.
	info, err := os.Stat(path)
	if err != nil {
		return "", ErrNoCode
	}
	if !info.Mode().IsRegular() {
		return "", ErrNoCode
	}
	f, err := os.Open(path)
	if err != nil {
		return "", ErrNoCode
	}
	defer f.Close()
	return ReadPicture(ctx, f, info.Size())
}

// ReadPicture is ReadPictureFile for an open file of size bytes.
func ReadPicture(ctx context.Context, f io.ReadSeeker, size int64) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, maxPictureTime)
	defer cancel()
	if size > maxPictureBytes {
		return "", ErrPictureTooLarge
	}
	limited := func() io.Reader { return io.LimitReader(reader{ctx, f}, maxPictureBytes) }
	head, _, err := image.DecodeConfig(limited())
	if err != nil {
		return "", ErrNoCode
	}
	if head.Width > maxPictureSide || head.Height > maxPictureSide || head.Width*head.Height > maxPicturePixels {
		return "", ErrPictureTooLarge
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read the picture again: %w", err)
	}
	picture, _, err := image.Decode(limited())
	if err != nil {
		return "", ErrNoCode
	}
	return findCode(ctx, picture)
}

// reader ends with its context: the decoders know none, but they read in small steps.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// findCode searches the picture at several sizes.
func findCode(ctx context.Context, picture image.Image) (string, error) {
	longest := max(picture.Bounds().Dx(), picture.Bounds().Dy())
	searched := map[int]bool{}
	for _, side := range searchSides {
		if side = min(side, longest); searched[side] {
			continue
		}
		searched[side] = true
		if code, err := scan.Read(ctx, shrink(picture, side)); err == nil {
			return code.Text, nil
		}
	}
	return "", ErrNoCode
}

// shrink returns the picture in grey, on white where it is transparent, its longer side at
// most side pixels, with a white margin: a code that was cut out has no quiet zone of its
// own. A picture smaller than a third of side is enlarged by whole pixels.
func shrink(picture image.Image, side int) *image.Gray {
	b := picture.Bounds()
	longest := max(b.Dx(), b.Dy(), 1)
	grow := max(1, min(4, 400/longest))
	w, h := b.Dx()*grow, b.Dy()*grow
	if longest > side {
		w, h = max(1, b.Dx()*side/longest), max(1, b.Dy()*side/longest)
	}
	const margin = 16
	out := image.NewGray(image.Rect(0, 0, w+2*margin, h+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range h {
		y0 := b.Min.Y + y*b.Dy()/h
		y1 := max(y0+1, b.Min.Y+(y+1)*b.Dy()/h)
		row := out.Pix[(y+margin)*out.Stride+margin:]
		for x := range w {
			x0 := b.Min.X + x*b.Dx()/w
			x1 := max(x0+1, b.Min.X+(x+1)*b.Dx()/w)
			row[x] = mean(picture, x0, y0, x1, y1)
		}
	}
	return out
}

// mean returns the mean brightness of a part of the picture.
func mean(picture image.Image, x0, y0, x1, y1 int) uint8 {
	sum := 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			sum += int(brightness(picture, x, y))
		}
	}
	return uint8(sum / ((x1 - x0) * (y1 - y0)))
}

func brightness(picture image.Image, x, y int) uint8 {
	switch p := picture.(type) {
	case *image.YCbCr:
		return p.Y[p.YOffset(x, y)]
	case *image.Gray:
		return p.GrayAt(x, y).Y
	}
	r, g, b, a := picture.At(x, y).RGBA()
	white := 0xffff - a // r, g and b are already multiplied by a
	return color.GrayModel.Convert(color.RGBA64{uint16(r + white), uint16(g + white), uint16(b + white), 0xffff}).(color.Gray).Y
}
