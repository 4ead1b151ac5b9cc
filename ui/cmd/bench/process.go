package main

import (
	"context"
	"io"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// patience bounds a part that waits for other processes, in multiples.
const patience = 60 * time.Second

func (b *bench) init(ctx context.Context, name string) error {
	return drive.Init(ctx, io.Discard, b.program("tacitd"), b.path(name), name, b.pass())
}

func (b *bench) start(name string) (*drive.Process, error) {
	return drive.Start(io.Discard, b.program("tacitd"), b.arguments(name, "loopback")...)
}

// startAt starts a process at an end of a cable.
func (b *bench) startAt(c *cable, end int, name string) (*drive.Process, error) {
	cmd := append(append(c.at(end), b.program("tacitd")), b.arguments(name, "lan")...)
	return drive.Start(io.Discard, cmd[0], cmd[1:]...)
}

func (b *bench) arguments(name, listen string) []string {
	return []string{"run", "--profile", b.path(name), "--passphrase-file", b.pass(), "--listen", listen}
}

// fresh makes a profile and starts a process on it, which is ready when this returns.
func (b *bench) fresh(ctx context.Context, name string) (*drive.Process, error) {
	if err := b.init(ctx, name); err != nil {
		return nil, err
	}
	p, err := b.start(name)
	if err != nil {
		return nil, err
	}
	return p, p.Call(ctx, "profile.get", struct{}{}, nil)
}
