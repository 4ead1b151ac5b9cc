package client

import (
	"bufio"
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tacit/identity"
)

// socket is one of this process, as Linux lists it.
type socket struct {
	kind          string
	local, remote netip.AddrPort
}

// watchSockets looks again and again at the sockets of this process, until the test ends,
// and returns a check that each was open before, or lies between the client and the proxy,
// or between the proxy and the node.
func watchSockets(t *testing.T, p *socks, at identity.Hint) (check func()) {
	t.Helper()
	proxy, node := netip.MustParseAddrPort(p.at), netip.AddrPortFrom(at.Addr, at.Port)
	before := sockets(t)
	fine := func(s socket) bool {
		toNode := s.local.Addr() == p.from && s.remote == node || s.local == node && s.remote.Addr() == p.from
		unset := s.remote.Port() == 0 && (s.local.Addr() == p.from || s.local.Port() == 0) // not connected yet
		return s.kind == "tcp" && (s.local == proxy || s.remote == proxy || toNode || unset)
	}
	var mu sync.Mutex
	odd := map[socket]bool{}
	look := func() {
		for inode, s := range sockets(t) {
			if _, old := before[inode]; !old && !fine(s) {
				mu.Lock()
				odd[s] = true
				mu.Unlock()
			}
		}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			look()
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	t.Cleanup(func() { close(done); <-ended })
	return func() {
		look()
		mu.Lock()
		defer mu.Unlock()
		for s := range odd {
			t.Errorf("a socket beside the proxy: %s from %s to %s", s.kind, s.local, s.remote)
		}
	}
}

// sockets returns the sockets of this process by inode.
func sockets(t *testing.T) map[string]socket {
	t.Helper()
	own := map[string]bool{}
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	found := map[string]socket{}
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6"} {
		f, err := os.Open("/proc/self/net/" + kind)
		if err != nil {
			continue // no IPv6
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			fields := strings.Fields(lines.Text())
			if len(fields) > 9 && own[fields[9]] {
				found[fields[9]] = socket{strings.TrimSuffix(kind, "6"), endpoint(fields[1]), endpoint(fields[2])}
			}
		}
		f.Close()
	}
	return found
}

// endpoint reads an address of /proc/net: words of 4 bytes, each the other way round.
func endpoint(s string) netip.AddrPort {
	host, port, _ := strings.Cut(s, ":")
	b, err := hex.DecodeString(host)
	n, err2 := strconv.ParseUint(port, 16, 16)
	if err != nil || err2 != nil {
		return netip.AddrPort{}
	}
	for i := 0; i+4 <= len(b); i += 4 {
		slices.Reverse(b[i : i+4])
	}
	ip, _ := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(ip.Unmap(), uint16(n))
}
