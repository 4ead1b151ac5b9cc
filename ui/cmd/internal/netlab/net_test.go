package netlab

import (
	"slices"
	"strings"
	"testing"
)

func TestOrphans(t *testing.T) {
	const list = `tacitlab-12-home (id: 3)
tacitlab-12-hub
tacitlab-7-hub
tacitlab-x-hub
tacit-7-hub
else
`
	got := orphans(list, func(pid int) bool { return pid == 7 })
	if want := []string{"tacitlab-12-home", "tacitlab-12-hub"}; !slices.Equal(got, want) {
		t.Errorf("orphans %v, want %v", got, want)
	}
}

func TestLossRules(t *testing.T) {
	if r := lossRules([]string{"port1", "port2"}, 30); !strings.Contains(r, `{ "port1", "port2" }`) || !strings.Contains(r, "mod 100 < 30 drop") {
		t.Errorf("rules:\n%s", r)
	}
	for _, r := range []string{lossRules([]string{"port1"}, 0), lossRules(nil, 30)} {
		if strings.Contains(r, "drop") {
			t.Errorf("rules:\n%s", r)
		}
	}
}

func TestPackets(t *testing.T) {
	const said = "table ip count {\n\tcounter sent {\n\t\tpackets 17 bytes 476\n\t}\n}\n"
	if n, err := packets(said); n != 17 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := packets("table ip count { }"); err == nil {
		t.Error("no counter was read")
	}
}
