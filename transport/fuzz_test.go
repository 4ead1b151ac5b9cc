package transport

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	ma "github.com/multiformats/go-multiaddr"

	"tacit/transport/swarm"
)

// FuzzReadFrame is what a host sends on a link.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{frameHeartbeat, frameAck}, uint16(0), uint8(1))
	f.Add(offer{step: offerAnswer, addrs: []ma.Multiaddr{swarm.QUICAddr(loopbackIP, 4000)}}.append(nil), uint16(0), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, zeros uint16, step uint8) {
		data = append(data, make([]byte, int(zeros)%(2*largeCellSize))...) // the body of a cell need not be guessed
		r := bufio.NewReaderSize(&slowReader{data, int(step)}, 64)
		var again []byte
		var err error
		for err == nil {
			var fr frame
			if fr, err = readFrame(r); err != nil {
				if fr.cell != nil || fr.isAck || fr.offer != nil {
					t.Fatalf("a frame with %v", err)
				}
				break
			}
			switch {
			case fr.isAck:
				again = appendAck(again, fr.ack)
			case fr.cell != nil:
				if again, err = appendCell(again, fr.cell); err != nil {
					t.Fatal(err)
				}
			case fr.offer != nil:
				again = fr.offer.append(again)
			default:
				again = append(again, frameHeartbeat)
			}
		}
		if !bytes.HasPrefix(data, again) {
			t.Fatal("frames read do not encode to what was read")
		}
		// It ended where the bytes did, or at the first type that is none.
		rest := data[len(again):]
		known := len(rest) > 0 && (rest[0] >= frameCell && rest[0] <= frameHeartbeat || rest[0] == frameOffer)
		switch {
		case err == errFrameType && len(rest) > 0 && !known:
		case err == io.EOF && len(rest) == 0 || errors.Is(err, io.EOF) && known && len(rest) == 1:
		case err == io.ErrUnexpectedEOF && known:
		case errors.Is(err, errOffer) && rest[0] == frameOffer:
		default:
			t.Fatalf("%v before %d bytes", err, len(rest))
		}
	})
}

// FuzzReadLane is what a host sends on a lane.
func FuzzReadLane(f *testing.F) {
	f.Add([]byte{frameFile, 1, 2, 3}, uint8(2), uint16(1000))
	f.Add([]byte{frameFile}, uint8(9), uint16(0xffff))
	f.Fuzz(func(t *testing.T, head []byte, cells uint8, step uint16) {
		// Whole frames that begin with what was guessed, and then the guess alone.
		var data []byte
		for i := range int(cells % (2*maxLaneBatch + 2)) {
			frame := make([]byte, fileFrameSize)
			copy(frame[1:], head)
			frame[0], frame[1] = frameFile, byte(i)
			data = append(data, frame...)
		}
		data = append(data, head...)
		r := laneReader{from: &slowReader{data, 64 * int(step)}}
		defer r.rest()
		read := 0
		for {
			var got [][]byte
			b, err := r.next()
			if b != nil {
				got = b.cells
			}
			if err == nil && (len(got) == 0 || len(got) > maxLaneBatch) || err != nil && len(got) > 0 {
				t.Fatalf("%d cells and %v", len(got), err)
			}
			for _, c := range got {
				if !bytes.Equal(c, data[read+1:read+fileFrameSize]) || data[read] != frameFile {
					t.Fatalf("cell at %d is another", read)
				}
				read += fileFrameSize
			}
			if err == nil {
				b.release()
				continue
			}
			// It ended where no whole frame follows, or at the first type that is none.
			switch rest := data[read:]; {
			case err == errFrameType && len(rest) > 0:
			case errors.Is(err, io.EOF) && len(rest) < fileFrameSize && (len(rest) == 0 || rest[0] == frameFile):
			default:
				t.Fatalf("%v before %d bytes", err, len(rest))
			}
			return
		}
	})
}

// slowReader gives at most step bytes at once, as a network does.
type slowReader struct {
	rest []byte
	step int
}

func (r *slowReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.step+1)], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// FuzzParseAnnouncement is what anybody can say on a LAN.
func FuzzParseAnnouncement(f *testing.F) {
	f.Add("e=" + somePeer + "\nq=1\nt=2")
	f.Fuzz(func(t *testing.T, s string) {
		text := strings.Split(s, "\n")
		a, err := parseAnnouncement(text)
		if err != nil {
			if a != (announcement{}) {
				t.Fatalf("%v with %v", a, err)
			}
			return
		}
		if !slices.Equal(a.text(), text) {
			t.Fatalf("%q and %q are one announcement", text, a.text())
		}
		if a.quic == 0 && a.tcp == 0 {
			t.Fatal("nothing to dial")
		}
		if n := len(strings.Join(a.text(), "\n")); n > maxDatagram {
			t.Fatalf("an announcement of %d bytes", n)
		}
		for _, addr := range (sighting{a, []netip.Addr{loopbackIP}}).addrs() {
			if _, err := ma.NewMultiaddr(addr.String()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
