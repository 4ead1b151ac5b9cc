package mailbox

import (
	"io"
)

// ReadFrame reads one frame, its first byte included. ErrMalformed for an unknown class;
// other errors are r's.
func ReadFrame(r io.Reader) ([]byte, error) {
	var first [1]byte
	if _, err := io.ReadFull(r, first[:]); err != nil {
		return nil, err
	}
	c := Class(first[0])
	if c.PayloadSize() == 0 {
		return nil, ErrMalformed
	}
	frame := make([]byte, c.FrameSize()) // only now: a connection that idles holds no room
	frame[0] = first[0]
	if _, err := io.ReadFull(r, frame[1:]); err != nil {
		return nil, err
	}
	return frame, nil
}

// WriteWhence writes the answer to OpenWhence: the address of the dialler, a multiaddr as
// text. ErrTooLong.
func WriteWhence(w io.Writer, addr string) error {
	if len(addr) > maxWhence {
		return ErrTooLong
	}
	_, err := w.Write(append([]byte{byte(len(addr))}, addr...))
	return err
}

// ReadWhence reads what WriteWhence wrote.
func ReadWhence(r io.Reader) (string, error) {
	var n [1]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return "", err
	}
	b := make([]byte, n[0])
	_, err := io.ReadFull(r, b)
	return string(b), err
}
