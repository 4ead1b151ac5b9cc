package transport

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tacit/identity"
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

// runLabPeer is the main function of such a process: it writes reached, lost, cell and
// ack, and reads send, shut, after which it says when nothing is open, and open.
func runLabPeer(spec string) {
	var who byte
	var only Protocol
	fmt.Sscanf(spec, "%c %d", &who, &only)
	forA, forB := friends('a', 'b')
	party := forA
	if who == 'b' {
		party = forB
	}
	n, err := New(Options{Listen: LAN, Protocol: only})
	if err != nil {
		panic(err)
	}
	n.SetParties([]identity.Party{party})
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			switch s.Text() {
			case "send":
				n.Send(ctx, party.Handle, randomCell(cellSize))
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
	}()
	if err := n.Run(ctx, labInbox{}); err != nil {
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
