package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"tacit/identity"
	"tacit/transport/swarm"
)

const (
	// nodeClients and nodeClientsTCP are how many are connected at once; those of TCP take a
	// file descriptor each.
	nodeClients    = 10_000
	nodeClientsTCP = 2_000
	// nodeSettling is longer than the two minutes after which Go's collector runs by itself:
	// what handshakes left behind has been given back then.
	nodeSettling = 150 * time.Second
	// nodeLost is the share of clients that may be lost meanwhile, one in twenty: on a
	// computer that does much other work, keep-alives come too late.
	nodeLost = 20
	// nodeDialling is how many clients connect at once.
	nodeDialling = 16
)

// node measures what idle clients cost a mailbox node, and a host that is only connected
// to as many, with a stream each.
func node(ctx context.Context, b *bench) error {
	for _, m := range []struct {
		name     string
		protocol swarm.Protocol
		clients  int
	}{{"quic", swarm.QUIC, nodeClients}, {"tcp", swarm.TCP, nodeClientsTCP}} {
		whole, err := b.idleClients(ctx, m.protocol, m.clients, true, b.program("tacitd"), "mailbox", "--data", b.path("node-"+m.name), "--listen", "127.0.0.1:0")
		if err != nil {
			return err
		}
		bare, err := b.idleClients(ctx, m.protocol, m.clients, false, b.program("barenode"))
		if err != nil {
			return err
		}
		name := fmt.Sprintf("node_%d_idle_clients_%s", m.clients, m.name)
		print(name+"_each", whole, "KiB")
		print(name+"_each_libp2p_alone", bare, "KiB")
		print(name+"_each_beyond_libp2p", whole-bare, "KiB")
	}
	return nil
}

// idleClients returns how many KiB a server process holds for each of so many clients,
// which wait for a cell, or only have a stream.
func (b *bench) idleClients(ctx context.Context, p swarm.Protocol, clients int, wait bool, program string, args ...string) (each float64, err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stderr = os.Stderr
	a, err := startNode(cmd)
	if err != nil {
		return 0, err
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	before, err := status(cmd.Process.Pid, "VmRSS")
	if err != nil {
		return 0, err
	}
	crowd, err := newCrowd(a.Hint, p)
	if err != nil {
		return 0, err
	}
	defer crowd.close()
	if err := crowd.gather(ctx, clients, wait); err != nil {
		return 0, err
	}
	if err := pause(ctx, nodeSettling); err != nil {
		return 0, err
	}
	gone := crowd.gone()
	if gone > clients/nodeLost {
		return 0, fmt.Errorf("%d clients did not stay", gone)
	}
	after, err := status(cmd.Process.Pid, "VmRSS")
	return 1024 * (after - before) / float64(clients-gone), err
}

// startNode starts a server and reads the address that is its first line.
func startNode(cmd *exec.Cmd) (identity.NodeAddress, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return identity.NodeAddress{}, err
	}
	if err := cmd.Start(); err != nil {
		return identity.NodeAddress{}, err
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	go io.Copy(io.Discard, lines)
	text, ok := strings.CutPrefix(strings.TrimSpace(first), "address ")
	if err != nil || !ok {
		cmd.Process.Kill()
		cmd.Wait()
		return identity.NodeAddress{}, errors.New("the node does not say its address")
	}
	return identity.ParseNodeAddress(text)
}

// gather connects so many clients, a few at a time, each tried until the node takes it.
func (c *crowd) gather(ctx context.Context, clients int, wait bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	next := make(chan int)
	for range nodeDialling {
		wg.Go(func() {
			for i := range next {
				if err := c.join(ctx, i, wait); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for i := range clients {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}
