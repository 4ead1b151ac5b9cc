package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tacit/ui/cmd/internal/drive"
	"tacit/ui/cmd/internal/netlab"
)

// world is the network with two nodes that are up, and two persons who may be.
type world struct {
	*town
	dir, tacitd, pass string
	log               io.Writer
	nodes             [2]*drive.Mailbox
	persons           [2]*person
}

// nodePort is where the nodes listen, by UDP and TCP.
const nodePort = 4001

// newWorld builds the network and starts the nodes.
func newWorld(ctx context.Context, verbose bool) (w *world, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	n, err := netlab.New(ctx)
	if err != nil {
		return nil, err
	}
	w = &world{town: &town{net: n}, tacitd: filepath.Join(filepath.Dir(exe), "tacitd"), log: io.Discard}
	if verbose {
		w.log = os.Stderr
	}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.town, err = build(n); err != nil {
		w.town = &town{net: n}
		return w, err
	}
	if w.dir, err = os.MkdirTemp("", "tacit-lab-"); err != nil {
		return w, err
	}
	w.pass = filepath.Join(w.dir, "passphrase")
	// The profiles are thrown away with the folder, so their passphrase need not be secret.
	if err := os.WriteFile(w.pass, []byte("only for this laboratory\n"), 0o600); err != nil {
		return w, err
	}
	for i := range w.nodes {
		if err := w.startNode(ctx, i); err != nil {
			return w, err
		}
	}
	for i, name := range []string{"Amina", "Claire"} {
		w.persons[i] = &person{world: w, name: name}
		if err := drive.Init(ctx, w.log, w.tacitd, w.persons[i].profile(), name, w.pass); err != nil {
			return w, fmt.Errorf("make a profile: %w", err)
		}
	}
	return w, nil
}

// startNode starts a node, with what it kept if it ran before.
func (w *world) startNode(ctx context.Context, i int) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	name := fmt.Sprintf("node%d", i+1)
	ip := [2]string{firstNode, secondNode}[i]
	args := w.hosts[name].Command(w.tacitd, "mailbox", "--data", filepath.Join(w.dir, name), "--listen", fmt.Sprintf("%s:%d", ip, nodePort))
	w.nodes[i], err = drive.StartMailbox(ctx, w.log, args[0], args[1:]...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// close ends everything that runs and takes the network away.
func (w *world) close() {
	for _, p := range w.persons {
		if p != nil {
			p.kill()
		}
	}
	for _, n := range w.nodes {
		if n != nil {
			n.Kill()
		}
	}
	w.net.Close()
	if w.dir != "" {
		_ = os.RemoveAll(w.dir)
	}
}

// pair lets the two persons meet on the network that they share, each with a node of its own.
func (w *world) pair(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, b := w.persons[0], w.persons[1]
	if err := errors.Join(a.start(ctx, "flat-a", ""), b.start(ctx, "flat-b", "")); err != nil {
		return err
	}
	for i, p := range w.persons {
		if err := p.addNode(ctx, w.nodes[i].Address); err != nil {
			return err
		}
	}
	m, err := drive.Pair(ctx, a.Process, b.Process, nil)
	if err != nil {
		return fmt.Errorf("pair: %w", err)
	}
	a.contact, b.contact = m.Presenter, m.Scanner
	for _, p := range w.persons {
		if _, err := p.say(ctx, "hello"); err != nil {
			return fmt.Errorf("the first words: %w", err)
		}
	}
	// A new node is told of in a moment, of which nothing is seen from here.
	select {
	case <-time.After(settle):
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := a.stop(ctx); err != nil {
		return err
	}
	if _, err := b.reaches(ctx, "mailbox"); err != nil { // the node of who is away
		return err
	}
	return b.stop(ctx)
}
