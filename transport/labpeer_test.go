package transport

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/signal"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tacit/identity"
	"tacit/transport/mailbox/client"
	"tacit/transport/mailbox/depot"
	"tacit/transport/mailbox/depot/memory"
	mailboxnode "tacit/transport/mailbox/node"
)

// labEnv makes the test program a peer of a lab: see runLabPeer.
const labEnv = "TACIT_TRANSPORT_LAB"

func TestMain(m *testing.M) {
	if spec := os.Getenv(labEnv); spec != "" {
		runLabPeer(spec)
		return
	}
	goleak.VerifyTestMain(m)
}

// labSpec says what a process of a lab is.
type labSpec struct {
	Who   byte     // 'a' or 'b', friends; 'n': a node; 'p': a proxy
	Only  Protocol // to speak one only
	LAN   bool     // the local network is open
	Homes []string // own nodes, as TACITNODE1:...; empty: the internet is not open
	Node  string   // where the friend's presence is; empty: it is not looked for
	Hide  bool     // from everybody
	Veil  bool     // from the friend
	Proxy string
	At    string // where a node or a proxy listens
}

// internet returns the rules that the spec sets, for an account of its own.
func (s labSpec) internet() identity.Internet {
	is := identity.Internet{Open: len(s.Homes) > 0, Hide: s.Hide, Proxy: s.Proxy}
	for _, h := range s.Homes {
		is.Homes = append(is.Homes, identity.Home{Node: labHint(h), Account: [32]byte{s.Who}})
	}
	return is
}

func labHint(address string) identity.Hint {
	a, err := identity.ParseNodeAddress(address)
	if err != nil {
		panic(err)
	}
	return a.Hint
}

// runLabPeer is the main function of such a process: it writes reached, lost, cell, ack,
// path, and homes with the number of nodes at which a circuit is reserved; and reads send,
// seek, shut, after which it says when nothing is open, and open.
func runLabPeer(text string) {
	var spec labSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		panic(err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	switch spec.Who {
	case 'n':
		runLabNode(ctx, spec, cancel)
		return
	case 'p':
		runLabProxy(spec.At)
		return
	}
	forA, forB := friends('a', 'b')
	party := forA
	if spec.Who == 'b' {
		party = forB
	}
	party.Hide = spec.Veil
	if spec.Node != "" {
		party.Node = labHint(spec.Node)
	}
	presences := client.New(client.Options{})
	presences.SetInternet(spec.internet())
	n, err := New(Options{Listen: LAN, Protocol: spec.Only, Presences: presences})
	if err != nil {
		panic(err)
	}
	n.SetOpen(spec.LAN)
	n.SetInternet(spec.internet())
	n.SetParties([]identity.Party{party})
	go labCommands(ctx, n, party.Handle, cancel)
	go labReport(ctx, n, party.Handle, spec)
	if err := n.Run(ctx, labInbox{}); err != nil {
		panic(err)
	}
}

func labCommands(ctx context.Context, n *Network, h identity.Handle, cancel func()) {
	for s := bufio.NewScanner(os.Stdin); s.Scan(); {
		switch s.Text() {
		case "send":
			n.Send(ctx, h, randomCell(cellSize))
		case "seek":
			n.Seek(h)
		case "shut":
			n.SetOpen(false)
			for len(n.Connections()) > 0 {
				pause(ctx, time.Millisecond)
			}
			fmt.Println("shut")
		case "open":
			n.SetOpen(true)
		}
	}
	cancel()
}

// labReport writes the path of the link and the number of circuits reserved whenever they
// change.
func labReport(ctx context.Context, n *Network, h identity.Handle, spec labSpec) {
	path, homes := "", 0
	for ; ctx.Err() == nil; pause(ctx, 5*time.Millisecond) {
		if now := n.Path(h); now != path {
			path = now
			fmt.Println("path", path)
		}
		reserved := 0
		for _, at := range spec.Homes {
			if n.Relayed(labHint(at)) == nil {
				reserved++
			}
		}
		if reserved != homes {
			homes = reserved
			fmt.Println("homes", homes)
		}
	}
}

// runLabNode serves a mailbox node that forgets, and writes its address.
func runLabNode(ctx context.Context, spec labSpec, cancel func()) {
	d := memory.New(depot.Options{})
	defer d.Close()
	n, err := mailboxnode.New(ctx, mailboxnode.Options{Depot: d, Listen: netip.MustParseAddrPort(spec.At)})
	if err != nil {
		panic(err)
	}
	fmt.Println("address", n.Address().String())
	go func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
		}
		cancel()
	}()
	if err := n.Run(ctx); err != nil {
		panic(err)
	}
}

// labInbox writes what it is told to the standard output.
type labInbox struct{}

func (labInbox) Reached(identity.Handle) { fmt.Println("reached") }
func (labInbox) Lost(identity.Handle)    { fmt.Println("lost") }

func (labInbox) FileCells(identity.Handle, [][]byte) {}

func (labInbox) Received(_ identity.Handle, cells [][]byte) (acks [][16]byte) {
	for _, c := range cells {
		fmt.Println("cell")
		acks = append(acks, [16]byte(c))
	}
	return acks
}

func (labInbox) Acknowledged(_ identity.Handle, acks [][16]byte) {
	for range acks {
		fmt.Println("ack")
	}
}
