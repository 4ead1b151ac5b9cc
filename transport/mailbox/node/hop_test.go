package node

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
)

// TestCircuitPace reads a circuit without an end for a minute.
func TestCircuitPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &paced{Stream: flood{}}
		began, read := time.Now(), 0
		for b := make([]byte, circuitBuffer); time.Since(began) < time.Minute; {
			n, err := p.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			read += n
		}
		if want := int(circuitRate.burst + 60*circuitRate.perSecond); read < want*99/100 || read > want*101/100 {
			t.Errorf("%d bytes in a minute, want %d", read, want)
		}
	})
}

// flood is a stream that always has more.
type flood struct{ network.Stream }

func (flood) Read(b []byte) (int, error) { return io.ReadFull(endless(1), b) }
