package profile

import (
	"bytes"
	"crypto/sha256"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestProfilesShareNothing opens two profiles of one roster, one after the other as the
// window does, and compares all that others could see of them on this computer's network,
// and all that lies on the disk.
func TestProfilesShareNothing(t *testing.T) {
	r := NewRoster(filepath.Join(t.TempDir(), "tacit"))
	for n := 1; n <= 2; n++ {
		if err := Create(t.Context(), r.Dir(n), "Amina Ben Salah", passphrase); err != nil {
			t.Fatal(err)
		}
	}
	first, second := appear(t, r.Dir(1)), appear(t, r.Dir(2))
	again := appear(t, r.Dir(1)) // nor can one be told by its coming back

	for _, pair := range [][2]appearance{{first, second}, {first, again}, {second, again}} {
		for line := range pair[0].said {
			if pair[1].said[line] {
				t.Errorf("both announce %q", line)
			}
		}
		for port := range pair[0].ports {
			if pair[1].ports[port] {
				t.Errorf("both listen at %d", port)
			}
		}
	}

	// On the disk: no file of one lies in the other, and no stretch of bytes is in both
	// but the word that begins each vault.
	one, two := stretches(t, r.Dir(1)), stretches(t, r.Dir(2))
	if len(one) < 1000 || len(two) < 1000 {
		t.Fatalf("read %d and %d stretches", len(one), len(two))
	}
	for s, name := range one {
		if other, ok := two[s]; ok && (name != "vault" || other != "vault") {
			t.Errorf("%s and %s share %x", name, other, s)
		}
	}
}

// appearance is what others can see of an open profile.
type appearance struct {
	said  map[string]bool // lines of its announcement
	ports map[int]bool    // where it listens
}

// loopback is where processes on one computer announce themselves.
const (
	loopbackFirst = 29710
	loopbackCount = 16
)

// appear opens a profile until its announcement was heard.
func appear(t *testing.T, dir string) appearance {
	t.Helper()
	ear := listen(t)
	defer ear.Close()
	before := ownPorts(t)
	p, err := Open(t.Context(), dir, passphrase, Options{Listen: Loopback})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := ear.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for buf := make([]byte, 1024); ; {
		n, _, err := ear.ReadFromUDP(buf)
		if err != nil {
			t.Fatal("no announcement was heard: ", err)
		}
		a := appearance{said: map[string]bool{}, ports: ownPorts(t)}
		maps.DeleteFunc(a.ports, func(port int, _ bool) bool {
			return before[port] || port >= loopbackFirst && port < loopbackFirst+loopbackCount
		})
		// Other programs on this computer announce themselves too.
		mine := false
		for line := range strings.Lines(string(buf[:n])) {
			line = strings.TrimSpace(line)
			a.said[line] = true
			if port, err := strconv.Atoi(strings.TrimPrefix(line, "q=")); err == nil && a.ports[port] {
				mine = true
			}
		}
		if mine {
			return a
		}
	}
}

// listen takes one of the places where announcements arrive.
func listen(t *testing.T) *net.UDPConn {
	t.Helper()
	for i := loopbackCount - 1; i >= 0; i-- {
		ear, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: loopbackFirst + i})
		if err == nil {
			return ear
		}
	}
	t.Fatal("all places for announcements are taken")
	return nil
}

// ownPorts are the UDP and TCP ports at which this process listens, as the system says.
func ownPorts(t *testing.T) map[int]bool {
	t.Helper()
	own := map[string]bool{} // inodes
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if to, err := os.Readlink(l); err == nil && strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	ports := map[int]bool{}
	for _, table := range []string{"udp", "udp6", "tcp", "tcp6"} {
		b, err := os.ReadFile("/proc/self/net/" + table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) < 10 || !own[f[9]] || !strings.HasSuffix(f[2], ":0000") {
				continue
			}
			_, port, _ := strings.Cut(f[1], ":")
			if n, err := strconv.ParseUint(port, 16, 16); err == nil {
				ports[int(n)] = true
			}
		}
	}
	return ports
}

// stretches are hashes of all pieces of 32 bytes, at each multiple of 8, of a profile's
// own files, with the name of a file that has it. Pieces of one byte repeated are left out.
func stretches(t *testing.T, dir string) map[[8]byte]string {
	t.Helper()
	const length, step = 32, 8
	all := map[[8]byte]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == profilesDir {
				return filepath.SkipDir
			}
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for at := 0; at+length <= len(b); at += step {
			piece := b[at : at+length]
			if bytes.Count(piece, piece[:1]) == length {
				continue
			}
			sum := sha256.Sum256(piece)
			all[[8]byte(sum[:8])] = d.Name()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Compact(slices.Sorted(maps.Values(all)))
	if len(names) < 2 {
		t.Fatalf("read only %v", names)
	}
	return all
}
