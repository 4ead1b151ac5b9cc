package netlab

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// ErrRefused says that this machine or this user cannot have namespaces.
var ErrRefused = errors.New("network namespaces are not to be had here")

// family begins the names of all namespaces, before the number of the process that made them.
const family = "tacitlab-"

// Net is a network under construction or in use, by one goroutine.
type Net struct {
	ctx    context.Context
	prefix string
	made   []string // namespaces
	ports  int      // of all segments
}

// New begins an empty network, which ctx ends. What a process left that was killed is
// removed. ErrRefused.
func New(ctx context.Context) (*Net, error) {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		return nil, fmt.Errorf("%w: it takes Linux and root", ErrRefused)
	}
	for _, program := range []string{"ip", "nft"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrRefused, err)
		}
	}
	sweep()
	n := &Net{ctx: ctx, prefix: family + strconv.Itoa(os.Getpid()) + "-"}
	probe, err := n.Host("probe")
	if err == nil {
		err = probe.nft("table ip probe { }")
	}
	if err != nil {
		n.Close()
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return n, nil
}

// Close takes everything away. The processes within must have ended.
func (n *Net) Close() {
	for _, ns := range n.made {
		_ = exec.Command("ip", "netns", "del", ns).Run() // not with ctx, which has ended
	}
	n.made = nil
}

// sweep removes the namespaces of processes that are gone.
func sweep() {
	out, err := exec.Command("ip", "netns", "list").Output()
	if err != nil {
		return
	}
	for _, ns := range orphans(string(out), alive) {
		_ = exec.Command("ip", "netns", "del", ns).Run()
	}
}

func alive(pid int) bool {
	_, err := os.Stat("/proc/" + strconv.Itoa(pid))
	return err == nil
}

// orphans returns the namespaces in a list of "ip netns" whose process is gone.
func orphans(list string, alive func(pid int) bool) (gone []string) {
	for line := range strings.Lines(list) {
		ns, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest, ours := strings.CutPrefix(ns, family)
		number, _, _ := strings.Cut(rest, "-")
		if pid, err := strconv.Atoi(number); ours && err == nil && !alive(pid) {
			gone = append(gone, ns)
		}
	}
	return gone
}

// Host is a computer of the network.
type Host struct {
	net *Net
	ns  string
}

// Host adds a computer without any cable.
func (n *Net) Host(name string) (*Host, error) {
	h := &Host{net: n, ns: n.prefix + name}
	if err := n.run("ip", "netns", "add", h.ns); err != nil {
		return nil, err
	}
	n.made = append(n.made, h.ns)
	return h, h.ip("link", "set", "lo", "up")
}

// Command returns the command that runs another one on the computer.
func (h *Host) Command(args ...string) []string {
	return append([]string{"ip", "netns", "exec", h.ns}, args...)
}

// Namespace returns the name of the computer's namespace.
func (h *Host) Namespace() string { return h.ns }

// Route sends everything beyond the own segments to via, in place of where it went before.
func (h *Host) Route(via netip.Addr) error {
	return h.ip("route", "replace", "default", "via", via.String())
}

// Plug switches the cable of an interface on or off. Its address stays; routes over it go.
func (h *Host) Plug(nic string, on bool) error {
	state := map[bool]string{true: "up", false: "down"}[on]
	return h.ip("link", "set", nic, state)
}

// ip runs ip within the namespace.
func (h *Host) ip(args ...string) error {
	return h.net.run("ip", append([]string{"-n", h.ns}, args...)...)
}

// nft loads rules within the namespace.
func (h *Host) nft(rules string) error {
	args := h.Command("nft", "-f", "-")
	cmd := exec.CommandContext(h.net.ctx, args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(rules)
	return explain(cmd)
}

func (n *Net) run(program string, args ...string) error {
	return explain(exec.CommandContext(n.ctx, program, args...))
}

// explain runs a command and says in the error what it said.
func explain(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
