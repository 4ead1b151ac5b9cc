package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// link is where the two windows meet: two network namespaces joined by a pair of
// virtual interfaces, or loopback where namespaces are not permitted.
type link struct {
	spaces []string // empty: loopback
}

// spacePrefix begins the names of our namespaces; the id of the program that made one ends it.
const spacePrefix = "tacit-e2e-"

// sweep deletes the namespaces of runs that were killed.
func sweep() {
	names, err := os.ReadDir("/run/netns")
	if err != nil {
		return // there was none yet
	}
	for _, n := range names {
		var side, pid string
		if rest, ours := strings.CutPrefix(n.Name(), spacePrefix); ours {
			side, pid, _ = strings.Cut(rest, "-")
		}
		if _, err := os.Stat(filepath.Join("/proc", pid)); side != "" && os.IsNotExist(err) {
			_ = exec.Command("ip", "netns", "del", n.Name()).Run()
		}
	}
}

// joinNamespaces makes the namespaces; an error says that they are not permitted here.
func joinNamespaces(tag string) (*link, error) {
	sweep()
	l := &link{spaces: []string{spacePrefix + "a-" + tag, spacePrefix + "b-" + tag}}
	steps := [][]string{
		{"netns", "add", l.spaces[0]},
		{"netns", "add", l.spaces[1]},
		{"link", "add", "name", "tacit" + tag, "netns", l.spaces[0], "type", "veth", "peer", "name", "tacit" + tag, "netns", l.spaces[1]},
	}
	for i, space := range l.spaces {
		steps = append(steps,
			[]string{"-n", space, "link", "set", "lo", "up"},
			[]string{"-n", space, "addr", "add", linkAddr(i) + "/24", "dev", "tacit" + tag},
			[]string{"-n", space, "link", "set", "tacit" + tag, "up"},
			[]string{"-n", space, "route", "add", "224.0.0.0/4", "dev", "tacit" + tag},
		)
	}
	for _, step := range steps {
		if out, err := exec.Command("ip", step...).CombinedOutput(); err != nil {
			l.close()
			return nil, fmt.Errorf("ip %s: %w: %s", strings.Join(step, " "), err, out)
		}
	}
	return l, nil
}

// linkAddr is the address of a side.
func linkAddr(side int) string { return fmt.Sprintf("10.77.0.%d", side+1) }

func (l *link) close() {
	for _, space := range l.spaces {
		_ = exec.Command("ip", "netns", "del", space).Run()
	}
}

// command builds the command that runs a program at side 0 or 1.
func (l *link) command(side int, program string, args ...string) *exec.Cmd {
	if len(l.spaces) == 0 {
		return exec.Command(program, append(args, "--listen", "loopback")...)
	}
	full := append([]string{"netns", "exec", l.spaces[side], program}, args...)
	return exec.Command("ip", append(full, "--listen", "lan")...)
}
