package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// cable joins two network namespaces of Linux, so that two programs on one machine meet
// as on a local network, by multicast DNS.
type cable struct{ ends [2]string }

// layCable fails where the user may not make namespaces.
func layCable(ctx context.Context) (c *cable, err error) {
	c = &cable{}
	for i := range c.ends {
		c.ends[i] = fmt.Sprintf("tacit-bench-%d-%d", os.Getpid(), i)
	}
	const nic = "eth0"
	a, b := c.ends[0], c.ends[1]
	steps := [][]string{
		{"netns", "add", a},
		{"netns", "add", b},
		{"link", "add", nic, "netns", a, "type", "veth", "peer", "name", nic, "netns", b},
	}
	for i, end := range c.ends {
		steps = append(steps,
			[]string{"-n", end, "link", "set", "lo", "up"},
			[]string{"-n", end, "addr", "add", fmt.Sprintf("10.78.0.%d/24", i+1), "dev", nic},
			[]string{"-n", end, "link", "set", nic, "up"})
	}
	for _, args := range steps {
		if out, err := exec.CommandContext(ctx, "ip", args...).CombinedOutput(); err != nil {
			c.remove()
			return nil, fmt.Errorf("%w: %s", err, out)
		}
	}
	return c, nil
}

// at returns the command that runs another one at an end of the cable.
func (c *cable) at(end int) []string { return []string{"ip", "netns", "exec", c.ends[end]} }

// remove takes the namespaces away, those there are.
func (c *cable) remove() {
	for _, end := range c.ends {
		_ = exec.Command("ip", "netns", "del", end).Run()
	}
}
