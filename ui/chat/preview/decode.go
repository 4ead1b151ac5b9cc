package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"tacit/app/picture"
)

// ErrTooLarge says that a picture would take too much memory to be shown.
var ErrTooLarge = errors.New("the picture is too large to be shown")

// Decode reads a picture and returns it upright, so large that it covers no less than w
// by h where it is as large as that, and no more than needed. The error is picture.ErrMalformed,
// ErrTooLarge, that of the reader or of ctx.
func Decode(ctx context.Context, r io.ReadSeeker, w, h int) (*image.RGBA, error) {
	info, err := picture.Header(ctxReader{ctx, r})
	if err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	if !info.Decodable() || memory(info) > maxMemory {
		return nil, ErrTooLarge
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read again: %w", err)
	}
	img, err := decode(info.Type, ctxReader{ctx, r})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("decode: %w", picture.ErrMalformed)
	}
	if b := img.Bounds(); b.Dx() > info.Width || b.Dy() > info.Height {
		return nil, ErrTooLarge // the decoder found more than the header told
	}
	return upright(fit(img, info, w, h), info.Orientation), nil
}

func decode(kind string, r io.Reader) (image.Image, error) {
	switch kind {
	case "image/png":
		return png.Decode(r)
	case "image/jpeg":
		return jpeg.Decode(r)
	case "image/gif":
		return gif.Decode(r)
	case "image/webp":
		return webp.Decode(r)
	}
	return nil, picture.ErrMalformed
}

// memory is how many bytes the decoder of a picture takes.
func memory(i picture.Info) int64 {
	each := int64(4)
	switch {
	case i.Type == "image/jpeg" && i.Progressive:
		each = 15 // three planes, and four bytes for each of their coefficients
	case i.Type == "image/jpeg":
		each = 3
	case i.Deep:
		each = 8
	}
	return int64(i.Width) * int64(i.Height) * each
}

// fit scales a picture down so that it still covers w by h once it is upright.
func fit(img image.Image, info picture.Info, w, h int) *image.RGBA {
	if info.Orientation >= 5 {
		w, h = h, w // it lies on its side
	}
	b := img.Bounds()
	to := covering(b.Dx(), b.Dy(), w, h)
	out := image.NewRGBA(image.Rectangle{Max: to})
	if to == b.Size() {
		draw.Copy(out, image.Point{}, img, b, draw.Src, nil)
		return out
	}
	draw.BiLinear.Scale(out, out.Bounds(), img, b, draw.Src, nil)
	return out
}

// covering is the size of a picture of width by height that covers w by h, at most its own.
func covering(width, height, w, h int) image.Point {
	w, h = max(1, min(w, maxSide)), max(1, min(h, maxSide))
	if width <= w || height <= h {
		share := min(1, float64(maxSide)/float64(max(width, height)))
		return image.Pt(max(1, int(float64(width)*share)), max(1, int(float64(height)*share)))
	}
	share := max(float64(w)/float64(width), float64(h)/float64(height))
	share = min(share, float64(maxSide)/float64(max(width, height)))
	return image.Pt(max(1, int(float64(width)*share+0.5)), max(1, int(float64(height)*share+0.5)))
}

// ctxReader ends a decoder when ctx has ended.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
