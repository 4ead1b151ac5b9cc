package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	libp2pquic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"

	"tacit/transport"
)

const (
	rawProtocol = "/raw"
	rawChunk    = 64 << 10 // written at once, as large as a file cell
)

// rawStream returns how many bytes a second one stream between two hosts of libp2p
// carries on loopback, with the transports, ciphers and multiplexer that Tacit's hosts
// have, and with the library's own, larger limits.
func rawStream(ctx context.Context, p transport.Protocol, size int64) (float64, error) {
	from, err := rawHost(p)
	if err != nil {
		return 0, err
	}
	defer from.Close()
	to, err := rawHost(p)
	if err != nil {
		return 0, err
	}
	defer to.Close()
	read := make(chan int64, 1)
	to.SetStreamHandler(rawProtocol, func(s network.Stream) {
		n, _ := io.CopyBuffer(io.Discard, struct{ io.Reader }{s}, make([]byte, 4*rawChunk))
		read <- n
	})
	if err := from.Connect(ctx, peer.AddrInfo{ID: to.ID(), Addrs: to.Addrs()}); err != nil {
		return 0, fmt.Errorf("connect: %w", err)
	}
	s, err := from.NewStream(ctx, to.ID(), rawProtocol)
	if err != nil {
		return 0, fmt.Errorf("stream: %w", err)
	}
	chunk := make([]byte, rawChunk)
	began := time.Now()
	for sent := int64(0); sent < size; sent += rawChunk {
		if _, err := s.Write(chunk); err != nil {
			return 0, err
		}
	}
	if err := s.CloseWrite(); err != nil {
		return 0, err
	}
	select {
	case n := <-read:
		if n < size {
			err = errors.New("the stream was cut short")
		}
		return float64(n) / time.Since(began).Seconds(), err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func rawHost(p transport.Protocol) (host.Host, error) {
	options := []libp2p.Option{libp2p.DisableRelay(), libp2p.DisableMetrics(), libp2p.Ping(false)}
	if p == transport.QUIC {
		options = append(options, libp2p.Transport(libp2pquic.NewTransport), libp2p.ListenAddrStrings("/ip4/127.0.0.1/udp/0/quic-v1"))
	} else {
		options = append(options, libp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()), libp2p.Security(noise.ID, noise.New),
			libp2p.Muxer(yamux.ID, yamux.DefaultTransport), libp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"))
	}
	h, err := libp2p.New(options...)
	if err != nil {
		return nil, fmt.Errorf("raw host: %w", err)
	}
	return h, nil
}
