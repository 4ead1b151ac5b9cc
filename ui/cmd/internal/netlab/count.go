package netlab

import (
	"fmt"
	"os/exec"
	"strings"
)

// Count begins to count the packets that a computer sends to an address (IPv4), from 0.
func (h *Host) Count(to string) error {
	return h.nft(fmt.Sprintf(`add table ip count
delete table ip count
table ip count {
	counter sent { }
	chain leave { type filter hook output priority 0; ip daddr %s counter name sent; }
}
`, to))
}

// Counted returns how many there were.
func (h *Host) Counted() (int, error) {
	args := h.Command("nft", "list", "counter", "ip", "count", "sent")
	out, err := exec.CommandContext(h.net.ctx, args[0], args[1:]...).Output()
	if err != nil {
		return 0, fmt.Errorf("read the counter: %w", err)
	}
	return packets(string(out))
}

// packets reads what nft says of a counter: "... packets 3 bytes 84 ...".
func packets(said string) (n int, err error) {
	_, rest, ok := strings.Cut(said, "packets ")
	if !ok {
		return 0, fmt.Errorf("no counter in %q", said)
	}
	_, err = fmt.Sscan(rest, &n)
	return n, err
}
