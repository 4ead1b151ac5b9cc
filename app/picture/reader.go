package picture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Reader returns a picture without its metadata: every byte that decoders of its type
// need stays as it is, with colour profiles and the timing of animations; of EXIF only the
// orientation is left. What follows the end of a picture is left out. Anything that is no
// picture comes as it is.
//
// It ends with ErrMalformed where it no longer understands what it reads.
type Reader struct {
	src   *bufio.Reader
	close func() error

	out  []byte       // goes out first
	pass int64        // then so many bytes of src as they are
	step func() error // then this finds the next out and pass, and the step after it
	err  error        // what step ended with
	info Info
	webp layout // of a WebP
	drew bool   // of a WebP: its first frame was seen
}

// Open returns a Reader of what open opens. A WebP is opened twice: what is left out of
// it is counted at its beginning. keep leaves everything as it is; Info is known all the same.
// Errors are those of open and of reading.
func Open(open func() (io.ReadCloser, error), keep bool) (*Reader, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	r := &Reader{src: bufio.NewReaderSize(f, pieceSize), close: f.Close}
	if err := r.begin(open, keep); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Reader) begin(open func() (io.ReadCloser, error), keep bool) error {
	head, err := r.src.Peek(SniffSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	r.info.Type = Sniff(head)
	r.step = r.passAll
	switch {
	case !IsPicture(r.info.Type):
		return nil
	case keep:
		r.info, err = headerOf(open)
		return err
	case r.info.Type == WebP:
		if r.webp, err = layoutOf(open); err != nil {
			return err
		}
	}
	r.setFirst()
	return nil
}

// setFirst chooses the first step of the type.
func (r *Reader) setFirst() {
	switch r.info.Type {
	case JPEG:
		r.step = r.jpegBegin
	case PNG:
		r.step = r.pngBegin
	case GIF:
		r.step = r.gifBegin
	case WebP:
		r.step = r.webpBegin
	}
}

// headerOf reads the Info of a picture that is to stay as it is; one that is malformed has none.
func headerOf(open func() (io.ReadCloser, error)) (Info, error) {
	f, err := open()
	if err != nil {
		return Info{}, err
	}
	defer f.Close()
	info, err := Header(f)
	if errors.Is(err, ErrMalformed) {
		return Info{Type: info.Type}, nil
	}
	return info, err
}

// Header reads a picture until its sides are known, of a WebP those of its first frame, which
// must be within them. Its orientation is known as well
// where it stands before that, as in JPEG. The Type is returned also with ErrMalformed,
// and is "" for anything but a picture.
func Header(f io.Reader) (Info, error) {
	r := &Reader{src: bufio.NewReaderSize(f, pieceSize)}
	head, err := r.src.Peek(SniffSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, err
	}
	if r.info.Type = Sniff(head); !IsPicture(r.info.Type) {
		return Info{}, fmt.Errorf("%w: no picture", ErrMalformed)
	}
	r.setFirst()
	for r.info.Width == 0 || r.info.Type == WebP && !r.drew {
		if _, err := r.src.Discard(int(r.pass)); err != nil { // parts before the sides are short: see long
			return Info{Type: r.info.Type}, truncated(err)
		}
		r.out, r.pass = nil, 0
		if err := r.step(); err != nil {
			return Info{Type: r.info.Type}, truncated(err)
		}
	}
	return r.info, nil
}

// truncated says that an end that comes too early is one of form.
func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends early", ErrMalformed)
	}
	return err
}

// Info returns what is known so far: all of it after the end.
func (r *Reader) Info() Info { return r.info }

// Close closes what was opened.
func (r *Reader) Close() error { return r.close() }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	for len(p) > 0 {
		if len(r.out) > 0 {
			n := copy(p, r.out)
			r.out = r.out[n:]
			return n, nil
		}
		if r.pass > 0 {
			n, err := r.src.Read(p[:min(int64(len(p)), r.pass)])
			r.pass -= int64(n)
			if n > 0 {
				return n, nil
			}
			if err != nil {
				return 0, truncated(err)
			}
			continue
		}
		if r.err == nil {
			r.err = r.step()
			continue
		}
		return 0, r.err
	}
	return 0, nil
}

// passAll is the step of what stays as it is.
func (r *Reader) passAll() error {
	if _, err := r.src.Peek(1); err != nil {
		return err
	}
	r.pass = int64(r.src.Buffered())
	return nil
}

// ended is the step after the last part: whatever follows is no part of the picture.
func (r *Reader) ended() error { return io.EOF }

// take reads n bytes, which must be there.
func (r *Reader) take(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(r.src, b); err != nil {
		return nil, truncated(err)
	}
	return b, nil
}

// skip leaves out n bytes.
func (r *Reader) skip(n int64) error {
	if _, err := io.CopyN(io.Discard, r.src, n); err != nil {
		return truncated(err)
	}
	return nil
}

// sides notes the size of the picture, which the first part that tells it decides.
func (r *Reader) sides(width, height int) {
	if r.info.Width == 0 && width > 0 && height > 0 {
		r.info.Width, r.info.Height = width, height
	}
}
