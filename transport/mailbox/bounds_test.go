package mailbox

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"tacit/identity"
)

// TestDocumentedLimits holds the limits of this package to section 16 of docs/protocol.md.
func TestDocumentedLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	days := func(d time.Duration) int { return int(d / (24 * time.Hour)) }
	for name, value := range map[string]string{
		"spares in a lot":        fmt.Sprintf("%d grants, %d tokens", identity.LotSpares, identity.LotTokens),
		"lots":                   fmt.Sprintf("16 an account, until at most %d days ahead", days(LotLife)),
		"slots at a node":        fmt.Sprintf("256 an account, %d at once, until at most %d days ahead", MaxSlotsAtOnce, days(SlotLife)),
		"presences":              fmt.Sprintf("%d an account, in %d pages of %d", MaxPages*PageSlots, MaxPages, PageSlots),
		"presence":               fmt.Sprintf("%d h; %d relays", PresenceLife/time.Hour, maxRelays),
		"wait of a fetch":        fmt.Sprintf("%d s", MaxWait/time.Second),
		"key of a node":          fmt.Sprintf("%d days, and %d more", days(KeyLife), days(KeyLife)),
		"key record at a client": fmt.Sprintf("%d h; of this time, give or take %d h, through a forwarder", RecordLife/time.Hour, ClockGrace/time.Hour),
	} {
		row := regexp.MustCompile(`(?m)^\| ` + name + ` \| (.+?) \| `).FindSubmatch(page)
		if row == nil || string(row[1]) != value {
			t.Errorf("%s: documented %q, is %q", name, row, value)
		}
	}
}

// TestTooMuchIsNotAsked: what no node takes is not sealed.
func TestTooMuchIsNotAsked(t *testing.T) {
	small := put(Small)
	for name, c := range map[string]struct {
		q    Request
		want error
	}{
		"a wait too long":          {&Fetch{Wait: MaxWait + time.Second}, ErrTooLong},
		"a wait before now":        {&Fetch{Wait: -time.Second}, ErrTooLong},
		"a mark too many":          {&Fetch{Marks: names(MaxMarks + 1)}, ErrTooLong},
		"a slot too many":          {&Register{Slots: names(MaxSlotsAtOnce + 1)}, ErrTooLong},
		"no slot":                  {&Register{}, ErrTooLong},
		"a page too many":          {&Presences{Page: MaxPages}, ErrTooLong},
		"a cell of no size":        {&Put{Tokens: names(1), Cell: make([]byte, 5)}, ErrMalformed},
		"a token too many":         {&Put{Tokens: append(names(1), small.Tokens...), Cell: small.Cell}, ErrMalformed},
		"another token in front":   {&Put{Tokens: names(1), Cell: small.Cell}, ErrMalformed},
		"no node to forward to":    {&Forward{}, ErrMalformed},
		"the longest of each kind": {&Fetch{MaxWait, names(MaxMarks)}, nil},
	} {
		client, _ := newNode(1).talk(t)
		if _, err := client.Ask(c.q); err != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := client.Ask(&Leave{}); c.want != nil && err != nil {
			t.Errorf("%s: the talk does not go on: %v", name, err)
		}
	}
	for name, a := range map[string]*Fetched{
		"17 cells":  {Items: make([]Item, PagePlaces+1)},
		"no size":   {Items: []Item{{Cell: make([]byte, 1)}}},
		"17 places": {Items: []Item{{Cell: make([]byte, FileCell)}, {Cell: make([]byte, SmallCell)}}},
	} {
		client, served := newNode(1).talk(t)
		frame, _ := client.Ask(&Fetch{})
		if _, err := served.Open(frame); err != nil {
			t.Fatal(err)
		}
		if _, err := served.Answer(a); err != ErrTooLong {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := served.Answer(&Standing{}); err != ErrMalformed {
			t.Errorf("the answer to another question: %v", err)
		}
	}
}
