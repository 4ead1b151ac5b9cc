package node

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/transport/mailbox"
	"tacit/transport/swarm"
)

// figure reads one figure without labels.
func figure(t *testing.T, m *metrics, name string) float64 {
	t.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			v := f.GetMetric()[0]
			return v.GetGauge().GetValue() + v.GetCounter().GetValue()
		}
	}
	t.Fatalf("no figure %s", name)
	return 0
}

// labels are all that the figures have, and all values of each.
var labels = map[string][]string{
	"kind":   {"put", "look", "leave_cell", "read_cell", "forward", "login", "fetch", "put_lot", "drop_lot", "presence", "register", "leave"},
	"status": {"ok", "refused", "later", "nothing"},
	"end":    {endClosed, endIdle, endSlow, endFalse, endBusy, endTunnel, endShutdown},
	"limit":  {"talks", "circuit", "reservation"},
}

// TestMetricsTellNothingOfAUser uses a node in every way and reads all that it shows.
func TestMetricsTellNothingOfAUser(t *testing.T) {
	leaks(t)
	n := start(t, Options{Metrics: "127.0.0.1:0"})
	at := n.Address().Hint
	stream := dialStream(t, at, swarm.TCP)
	v := speak(t, stream, at.Node)
	h := newHome(n)
	v.login(h)
	lot, tokens := newLot(time.Now().Add(time.Hour))
	put := putOf(lot.ID, tokens[0])
	id := [16]byte{0xab, 0xcd, 0xef, 1, 2, 3, 4, 5}
	for _, q := range []mailbox.Request{
		lot, put, putOf(lot.ID, tokens[0]), &mailbox.Look{ID: id}, &mailbox.Presences{}, &mailbox.Register{Until: time.Now().Add(time.Hour).Unix(), Slots: [][16]byte{id}},
		&mailbox.LeaveCell{Slot: id}, &mailbox.ReadCell{Slot: id}, &mailbox.ReadCell{}, &mailbox.Fetch{}, &mailbox.Forward{To: at},
		&mailbox.DropLot{Lot: lot.ID}, &mailbox.Leave{}, &mailbox.Fetch{},
	} {
		v.ask(q)
	}
	account := v.talk.Login(h).Account

	families, err := n.service.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[string]bool)
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if !slices.Contains(labels[l.GetName()], l.GetValue()) {
					t.Errorf("%s has a label %s=%q", f.GetName(), l.GetName(), l.GetValue())
				}
				if l.GetName() == "kind" {
					kinds[l.GetValue()] = true
				}
			}
		}
	}
	if len(kinds) != len(labels["kind"]) {
		t.Errorf("only %d kinds of requests were counted", len(kinds))
	}

	page := fetchPage(t, "http://"+n.MetricsAddr().String()+"/metrics")
	if !strings.Contains(page, "tacit_node_accounts 0") || !strings.Contains(page, "tacit_node_peers 1") {
		t.Errorf("the page lacks totals:\n%s", page)
	}
	for name, secret := range map[string][]byte{
		"account": account[:], "lot": lot.ID[:], "token": tokens[0][:], "slot": id[:], "node": at.Node[:],
		"peer": []byte(stream.(interface{ ID() string }).ID()), "address": []byte("127.0.0.1"),
	} {
		for _, form := range []string{string(secret), hex.EncodeToString(secret[:min(8, len(secret))]), fmt.Sprint(secret)} {
			if strings.Contains(page, form) {
				t.Errorf("the page contains the %s", name)
			}
		}
	}
}

func fetchPage(t *testing.T, url string) string {
	t.Helper()
	c := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %v", r.StatusCode, err)
	}
	return string(b)
}

func TestMetricsAreForThisComputer(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:9470", ":9470", "localhost:9470", "9470", "10.0.0.1:1"} {
		if _, err := New(context.Background(), Options{Depot: newDepot(t), Metrics: addr}); !errors.Is(err, ErrMetricsAddr) {
			t.Errorf("%s: %v", addr, err)
		}
	}
}
