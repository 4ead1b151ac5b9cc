package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tacit/identity"
	"tacit/transport/mailbox/client"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/pgtest"
	"tacit/transport/mailbox/node"
	"tacit/transport/swarm"
)

// nodeProcess is a running `tacitd mailbox`.
type nodeProcess struct {
	t       *testing.T
	cmd     *exec.Cmd
	address identity.NodeAddress
	stderr  bytes.Buffer
	rest    chan string // what it said after its first line
}

// node starts a mailbox node and reads its first line.
func (w *world) node(dir string, args ...string) *nodeProcess {
	w.t.Helper()
	p := &nodeProcess{t: w.t, rest: make(chan string, 1)}
	p.cmd = exec.Command(w.exe, append([]string{"mailbox", "--data", w.path(dir)}, args...)...)
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(p.kill)
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	text, ok := strings.CutPrefix(strings.TrimSuffix(first, "\n"), "address ")
	if err != nil || !ok {
		p.cmd.Wait()
		w.t.Fatalf("its first line is %q (%v): %s", first, err, p.stderr.String())
	}
	if p.address, err = identity.ParseNodeAddress(text); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		var said strings.Builder
		lines.WriteTo(&said)
		p.rest <- said.String()
	}()
	return p
}

// kill ends a node as a power cut ends a process.
func (p *nodeProcess) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends a node as systemd does. It must end well.
func (p *nodeProcess) stop() {
	p.t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("SIGTERM: %v: %s", err, p.stderr.String())
	}
}

// listen is where a node is, for the next of its kind.
func (p *nodeProcess) listen() string {
	return fmt.Sprintf("%s:%d", p.address.Addr, p.address.Port)
}

// owner is somebody with an account at a node, and tokens.
type owner struct {
	*client.Client
	home   identity.Home
	lot    identity.Lot
	tokens [][16]byte // not spent yet
}

func newClient(t *testing.T, homes ...identity.Home) *client.Client {
	c := client.New(client.Options{Protocol: swarm.TCP}) // a port that nobody has says so at once
	t.Cleanup(c.Close)
	c.SetInternet(identity.Internet{Open: true, Homes: homes})
	return c
}

// own makes an account at a node, with a lot.
func (w *world) own(a identity.NodeAddress) *owner {
	w.t.Helper()
	o := &owner{home: identity.Home{Node: a.Hint, Invite: a.Invite}}
	rand.Read(o.home.Account[:])
	rand.Read(o.lot.ID[:])
	o.lot.Until = time.Now().Add(24 * time.Hour).Unix()
	for i := range o.lot.Hashes {
		var token [16]byte
		rand.Read(token[:])
		h := sha256.Sum256(token[:])
		o.lot.Hashes[i] = [16]byte(h[:])
		o.tokens = append(o.tokens, token)
	}
	o.Client = newClient(w.t, o.home)
	if err := o.PutLot(w.ctx, o.home, o.lot); err != nil {
		w.t.Fatal(err)
	}
	return o
}

// box returns a small cell for the owner, paid for.
func (o *owner) box() identity.Deposit {
	token := o.tokens[0]
	o.tokens = o.tokens[1:]
	cell := make([]byte, 4096)
	rand.Read(cell)
	copy(cell, token[:])
	return identity.Deposit{Lot: o.lot.ID, Tokens: [][16]byte{token}, Cell: cell}
}

// take fetches all that waits, and settles it.
func (w *world) take(o *owner, into map[string]int) {
	w.t.Helper()
	var marks [][16]byte
	for {
		page, err := o.Fetch(w.ctx, o.home, marks, 0)
		if err != nil {
			w.t.Fatal(err)
		}
		if marks = page.Marks; len(marks) == 0 {
			return
		}
		for _, cell := range page.Cells {
			into[string(cell)]++
		}
	}
}

// TestNodeKilled kills a node with deposits under way, until one was durable and not
// answered. Whoever gave it says it again: nothing is lost, and nothing comes twice.
func TestNodeKilled(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0")
	o := w.own(n.address)
	said, got := make(map[string]bool), make(map[string]int)
	unanswered := 0
	for round := 0; unanswered == 0 || round < 3; round++ {
		if round == 60 {
			t.Fatal("in 60 rounds no deposit was durable without an answer")
		}
		var boxes []identity.Deposit
		for range 40 {
			boxes = append(boxes, o.box())
			said[string(boxes[len(boxes)-1].Cell)] = true
		}
		pending := w.depositUntilKilled(n, boxes)
		n = w.node("node", "--listen", n.listen())
		w.take(o, got)
		again := newClient(t)
		for _, d := range pending {
			unanswered += got[string(d.Cell)]
			if v, err := again.Put(w.ctx, n.address.Hint, []identity.Deposit{d}); err != nil || v[0] != identity.DepositKept {
				t.Fatalf("the same deposit again: %v, %v", v, err)
			}
		}
		w.take(o, got)
	}
	for cell := range said {
		if got[cell] != 1 {
			t.Fatalf("a cell came %d times", got[cell])
		}
	}
	if len(got) != len(said) {
		t.Errorf("%d cells came of %d", len(got), len(said))
	}
	n.stop()
}

// depositUntilKilled has eight people deposit the boxes, and kills the node in the midst
// of it. It returns those that were not answered.
func (w *world) depositUntilKilled(n *nodeProcess, boxes []identity.Deposit) (pending []identity.Deposit) {
	w.t.Helper()
	kept := make(chan struct{}, len(boxes))
	var mu sync.Mutex
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(w.ctx)
	for i := range 8 {
		c := newClient(w.t)
		wg.Go(func() {
			defer c.Close()
			for j := i; j < len(boxes); j += 8 {
				v, err := c.Put(ctx, n.address.Hint, boxes[j:j+1])
				if err == nil && v[0] == identity.DepositKept {
					kept <- struct{}{}
					continue
				}
				mu.Lock()
				pending = append(pending, boxes[j])
				mu.Unlock()
			}
		})
	}
	for range 12 {
		select {
		case <-kept:
		case <-w.ctx.Done():
			w.t.Fatal("no deposits were kept")
		}
	}
	n.kill()
	time.AfterFunc(2*time.Second, cancel)
	wg.Wait()
	cancel()
	return pending
}

func TestNodeIsRefused(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	w.write("file", "")
	for _, c := range []struct {
		args []string
		want error
	}{
		{[]string{"--data", w.path("node"), "--listen", "127.0.0.1:0"}, errNodeRunning},
		{[]string{"--data", w.path("file"), "--listen", "127.0.0.1:0"}, errNodeFolder},
		{[]string{"--data", w.path("b"), "--listen", n.listen()}, node.ErrPortTaken},
		{[]string{"--data", w.path("b"), "--listen", taken.Addr().String()}, node.ErrPortTaken},
		{[]string{"--data", w.path("b"), "--listen", "127.0.0.1:0", "--metrics", "0.0.0.0:9470"}, node.ErrMetricsAddr},
		{[]string{"--data", w.path("b"), "--public", "not_a_name"}, errPublic},
		{[]string{"--data", w.path("b"), "--public", "192.0.2.1:0"}, errPublic},
		{[]string{"invite", "--data", w.path("c")}, errNoAddress},
		{[]string{"backup", "--data", w.path("c"), "--to", w.path("copy")}, errNoAddress},
		{[]string{"backup", "--data", w.path("node"), "--to", w.path("file")}, errFileExists},
	} {
		if said := w.fails(append([]string{"mailbox"}, c.args...)...); !strings.Contains(said, sentence(c.want)) {
			t.Errorf("%v: %q", c.args, said)
		}
	}
	for _, args := range [][]string{nil, {"--data", "d", "--listen", "nowhere"}, {"--data", "d", "--quota", "0"}, {"--data", "d", "more"}} {
		if said := w.fails(append([]string{"mailbox"}, args...)...); !strings.Contains(said, usage) {
			t.Errorf("%v: %q", args, said)
		}
	}
	n.stop()
	if said := <-n.rest; said != "" {
		t.Errorf("it went on to say %q", said)
	}
}

func TestPublicAddresses(t *testing.T) {
	for said, want := range map[string]identity.Hint{
		"192.31.196.1":        {Addr: netip.MustParseAddr("192.31.196.1")},
		"192.31.196.1:443":    {Addr: netip.MustParseAddr("192.31.196.1"), Port: 443},
		"2600::1":             {Addr: netip.MustParseAddr("2600::1")},
		"[2600::1]":           {Addr: netip.MustParseAddr("2600::1")},
		"[2600::1]:443":       {Addr: netip.MustParseAddr("2600::1"), Port: 443},
		"Node.Example.org.":   {Name: "node.example.org"},
		"node.example.org:1":  {Name: "node.example.org", Port: 1},
		"::ffff:192.31.196.1": {Addr: netip.MustParseAddr("192.31.196.1")},
	} {
		if got, err := parsePublic(said); err != nil || got != want {
			t.Errorf("%s: %+v, %v", said, got, err)
		}
	}
	for _, said := range []string{"a b", "node.example.org:70000", "node.example.org:", ":443", "http://node.example.org", "a-name-that-is-longer-than-29.org", "192.31.196.1:-1"} {
		if got, err := parsePublic(said); !errors.Is(err, errPublic) {
			t.Errorf("%s: %+v, %v", said, got, err)
		}
	}
}

func TestClosedNodeInvites(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--closed", "--public", "127.0.0.1")
	invite := func() identity.NodeAddress {
		out, err := exec.CommandContext(w.ctx, w.exe, "mailbox", "invite", "--data", w.path("node")).Output()
		if err != nil {
			t.Fatal(err)
		}
		a, err := identity.ParseNodeAddress(strings.TrimPrefix(string(out), "address "))
		if err != nil || a.Hint != n.address.Hint || a.Invite == [16]byte{} {
			t.Fatalf("invited to %q: %v", out, err)
		}
		return a
	}
	stranger := identity.Home{Node: n.address.Hint, Account: [32]byte{1}}
	if _, err := newClient(t, stranger).Standing(w.ctx, stranger); !errors.Is(err, identity.ErrNodeRefused) {
		t.Errorf("without an invite: %v", err)
	}
	o := w.own(invite())
	second := identity.Home{Node: n.address.Hint, Account: [32]byte{2}, Invite: o.home.Invite}
	if _, err := newClient(t, second).Standing(w.ctx, second); !errors.Is(err, identity.ErrNodeRefused) {
		t.Errorf("by the invite of another: %v", err)
	}
	if invite().Invite == o.home.Invite {
		t.Error("two invites are one")
	}
	n.stop()
}

// TestNodeRestored puts a backup that was made of a running node in another folder.
func TestNodeRestored(t *testing.T) {
	w := newWorld(t)
	n := w.node("node", "--listen", "127.0.0.1:0")
	o := w.own(n.address)
	if v, err := o.Put(w.ctx, n.address.Hint, []identity.Deposit{o.box()}); err != nil || v[0] != identity.DepositKept {
		t.Fatalf("%v, %v", v, err)
	}
	out, err := exec.CommandContext(w.ctx, w.exe, "mailbox", "backup", "--data", w.path("node"), "--to", w.path("copy")).CombinedOutput()
	if err != nil {
		t.Fatalf("backup: %v: %s", err, out)
	}
	n.stop()
	if err := os.Mkdir(w.path("other"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(w.path("copy"), filepath.Join(w.path("other"), "mailbox.db")); err != nil {
		t.Fatal(err)
	}
	again := w.node("other", "--listen", n.listen())
	if again.address != n.address {
		t.Error("it is another node")
	}
	got := make(map[string]int)
	if w.take(o, got); len(got) != 1 {
		t.Errorf("%d cells are there", len(got))
	}
	again.stop()
}

// TestUnitStartsANode starts what the systemd unit and its defaults say.
func TestUnitStartsANode(t *testing.T) {
	w := newWorld(t)
	line := func(file, prefix string) string {
		text, err := os.ReadFile(filepath.Join("../../../packaging", file))
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(text)) {
			if rest, ok := strings.CutPrefix(strings.TrimSpace(l), prefix); ok {
				return rest
			}
		}
		t.Fatalf("%s has no %s", file, prefix)
		return ""
	}
	options := strings.Trim(line("tacit-mailbox.default", "OPTIONS="), `"`)
	options = strings.Replace(options, ":9470", ":0", 1) // others may have that port
	words := strings.Fields(strings.NewReplacer("%S", w.dir, "$OPTIONS", options).Replace(line("tacit-mailbox.service", "ExecStart=")))
	if want := []string{"/usr/bin/tacitd", "mailbox", "--data", w.path("tacit-mailbox")}; !slices.Equal(words[:4], want) {
		t.Fatalf("the unit starts %v", words)
	}
	n := w.node("tacit-mailbox", append(words[4:], "--listen", "127.0.0.1:0")...)
	w.own(n.address)
	n.stop()
}

// TestFrontEndKilled has two front ends on one database, and one killed in the midst of
// deposits: the other takes them again, and nothing is lost or comes twice.
func TestFrontEndKilled(t *testing.T) {
	w := newWorld(t)
	database := postgresql(t)
	first := w.node("first", "--listen", "127.0.0.1:0", "--postgres", database)
	second := w.node("second", "--listen", "127.0.0.1:0", "--postgres", database)
	if first.address.Node != second.address.Node {
		t.Fatal("they are two nodes")
	}
	o := w.own(first.address)
	said, got := make(map[string]bool), make(map[string]int)
	var boxes []identity.Deposit
	for range 40 {
		boxes = append(boxes, o.box())
		said[string(boxes[len(boxes)-1].Cell)] = true
	}
	pending := w.depositUntilKilled(second, boxes)
	if len(pending) == 0 {
		t.Error("it was killed too late to prove anything")
	}
	for _, d := range pending {
		if v, err := newClient(t).Put(w.ctx, first.address.Hint, []identity.Deposit{d}); err != nil || v[0] != identity.DepositKept {
			t.Fatalf("at the other front end: %v, %v", v, err)
		}
	}
	w.take(o, got)
	for cell := range said {
		if got[cell] != 1 {
			t.Fatalf("a cell came %d times", got[cell])
		}
	}
	first.stop()
}

// TestFetchHearsOfTheOtherFrontEnd waits at one front end for what comes to the other.
func TestFetchHearsOfTheOtherFrontEnd(t *testing.T) {
	w := newWorld(t)
	database := postgresql(t)
	first := w.node("first", "--listen", "127.0.0.1:0", "--postgres", database)
	second := w.node("second", "--listen", "127.0.0.1:0", "--postgres", database)
	o := w.own(first.address)
	came := make(chan error, 1)
	go func() {
		page, err := o.Fetch(w.ctx, o.home, nil, time.Minute)
		if err == nil && len(page.Cells) != 1 {
			err = fmt.Errorf("%d cells", len(page.Cells))
		}
		came <- err
	}()
	began := time.Now()
	if v, err := newClient(t).Put(w.ctx, second.address.Hint, []identity.Deposit{o.box()}); err != nil || v[0] != identity.DepositKept {
		t.Fatalf("%v, %v", v, err)
	}
	if err := <-came; err != nil || time.Since(began) > 30*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	first.stop()
	second.stop()
}

// TestDatabaseAway stops the database under a node: it says later, clients keep what they
// have, and go on when the database is back.
func TestDatabaseAway(t *testing.T) {
	w := newWorld(t)
	cluster, database := cluster(t)
	n := w.node("node", "--listen", "127.0.0.1:0", "--postgres", database)
	o := w.own(n.address)
	if err := cluster.Stop(w.ctx, true); err != nil {
		t.Fatal(err)
	}
	c, box := newClient(t), o.box()
	if v, err := c.Put(w.ctx, n.address.Hint, []identity.Deposit{box}); err != nil || v[0] != identity.DepositLater {
		t.Errorf("without the database: %v, %v", v, err)
	}
	if _, err := o.Fetch(w.ctx, o.home, nil, 0); !errors.Is(err, identity.ErrNodeLater) {
		t.Errorf("fetched without the database: %v", err)
	}
	if said := w.fails("mailbox", "--data", w.path("other"), "--listen", "127.0.0.1:0", "--postgres", database); !strings.Contains(said, sentence(depot.ErrAway)) {
		t.Errorf("started without the database: %q", said)
	}
	if err := cluster.Resume(w.ctx); err != nil {
		t.Fatal(err)
	}
	for {
		v, err := c.Put(w.ctx, n.address.Hint, []identity.Deposit{box})
		if err == nil && v[0] == identity.DepositKept {
			break
		}
		if err != nil || v[0] != identity.DepositLater {
			t.Fatalf("when it was back: %v, %v", v, err)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-w.ctx.Done():
			t.Fatal("the node does not find its database again")
		}
	}
	got := make(map[string]int)
	if w.take(o, got); got[string(box.Cell)] != 1 || len(got) != 1 {
		t.Errorf("%d cells came", len(got))
	}
	n.stop()
}

// postgresql starts a database of the test's own.
func postgresql(t *testing.T) string {
	t.Helper()
	_, url := cluster(t)
	return url
}

func cluster(t *testing.T) (*pgtest.Cluster, string) {
	t.Helper()
	c, err := pgtest.Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Remove(context.Background()); err != nil {
			t.Error(err)
		}
	})
	url, err := c.Create(context.Background(), "node")
	if err != nil {
		t.Fatal(err)
	}
	return c, url
}
