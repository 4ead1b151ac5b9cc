package transport

import (
	"encoding/binary"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"

	"tacit/identity"
)

// meet runs two networks on loopback that have met.
func meet(t testing.TB, only Protocol) (a, b *node, toB identity.Handle) {
	t.Helper()
	forA, forB := friends('a', 'b')
	a, b = start(t, 20300, only, forA), start(t, 20300, only, forB)
	a.in.awaitReached(t, forA.Handle, true, wait)
	b.in.awaitReached(t, forB.Handle, true, wait)
	return a, b, forA.Handle
}

var protocols = []struct {
	name string
	only Protocol
}{{"quic", QUIC}, {"tcp", TCP}}

// BenchmarkCells sends cells one way as fast as they go.
func BenchmarkCells(b *testing.B) {
	for _, p := range protocols {
		b.Run(p.name, func(b *testing.B) {
			from, to, h := meet(b, p.only)
			cell := randomCell(cellSize)
			b.SetBytes(cellSize)
			for b.Loop() {
				if err := from.Send(b.Context(), h, cell); err != nil {
					b.Fatal(err)
				}
			}
			n := b.N
			to.in.await(b, "all cells", time.Minute, func() bool { return len(to.in.cells) >= n })
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "cells/s")
		})
	}
}

// BenchmarkRoundTrip sends a cell and waits for its acknowledgement.
func BenchmarkRoundTrip(b *testing.B) {
	for _, p := range protocols {
		b.Run(p.name, func(b *testing.B) {
			from, _, h := meet(b, p.only)
			cell := randomCell(cellSize)
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				binary.BigEndian.PutUint64(cell, uint64(i))
				begin := time.Now()
				if err := from.Send(b.Context(), h, cell); err != nil {
					b.Fatal(err)
				}
				from.in.await(b, "its acknowledgement", wait, func() bool { return from.in.acks[[16]byte(cell)] > 0 })
				took = append(took, time.Since(begin))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
		})
	}
}

// BenchmarkFileCells sends file cells one way as fast as they go.
func BenchmarkFileCells(b *testing.B) {
	for _, p := range protocols {
		b.Run(p.name, func(b *testing.B) {
			from, to, h := meet(b, p.only)
			cell := fileCell(0)
			b.SetBytes(fileCellSize)
			b.ReportAllocs()
			for b.Loop() {
				if err := from.SendFile(b.Context(), h, cell); err != nil {
					b.Fatal(err)
				}
			}
			n := b.N
			to.in.await(b, "all cells", time.Minute, func() bool { return len(to.in.files) >= n })
		})
	}
}

// BenchmarkRawStream is what a stream of the same hosts carries: the measure of the other.
func BenchmarkRawStream(b *testing.B) {
	for _, p := range protocols {
		b.Run(p.name, func(b *testing.B) {
			from, to := newCaller(b, p.only), newCaller(b, p.only)
			read := make(chan int64)
			to.Swarm.SetStreamHandler(func(s network.Stream) {
				n, _ := io.CopyBuffer(io.Discard, struct{ io.Reader }{s}, make([]byte, 1<<18))
				read <- n
			})
			quicPort, tcpPort := to.Ports()
			s := from.open(sighting{announcement: announcement{id: to.ID, quic: quicPort, tcp: tcpPort}, from: []netip.Addr{loopbackIP}})
			s.SetDeadline(time.Time{})
			cell := make([]byte, fileFrameSize)
			b.SetBytes(fileCellSize)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Write(cell); err != nil {
					b.Fatal(err)
				}
			}
			s.Close()
			<-read
		})
	}
}
