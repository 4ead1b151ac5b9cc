package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A hunt looks for secrets where they must not be, or for words where they must.
type hunt map[string][]byte // by what they are

// in adds to found what of the hunt is in b.
func (h hunt) in(b []byte, found map[string]bool) {
	for name, secret := range h {
		if !found[name] && bytes.Contains(b, secret) {
			found[name] = true
		}
	}
}

func (h hunt) longest() (n int) {
	for _, secret := range h {
		n = max(n, len(secret))
	}
	return n
}

// inFolder returns what of the hunt is in the files of a folder, or in their names.
func (h hunt) inFolder(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		h.in(b, found)
		h.in([]byte(filepath.Base(path)), found)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const (
	pageSize    = 4096 // of Linux on amd64 and arm64 as Debian builds it
	memoryChunk = 1 << 20
)

// inMemory returns what of the hunt is in the memory of a process, and how much of that it
// looked through.
func (h hunt) inMemory(t *testing.T, pid int) (found map[string]bool, size int64) {
	t.Helper()
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Skipf("the memory of other processes may not be read here: %v", err)
	}
	defer memory.Close()
	found = map[string]bool{}
	overlap := h.longest() - 1
	chunk := make([]byte, memoryChunk+overlap)
	for _, r := range resident(t, pid) {
		for at := r.from; at < r.to; at += memoryChunk {
			n, err := memory.ReadAt(chunk[:min(int64(len(chunk)), r.to-at)], at)
			if n == 0 && err != nil {
				continue // it was given back meanwhile
			}
			h.in(chunk[:n], found)
			size += min(int64(n), memoryChunk)
		}
	}
	return found, size
}

// span is a piece of the address space.
type span struct{ from, to int64 }

// resident returns the pages of a process that hold anything and that it may read, joined
// where they touch.
func resident(t *testing.T, pid int) (spans []span) {
	t.Helper()
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer maps.Close()
	pages, err := os.Open(fmt.Sprintf("/proc/%d/pagemap", pid))
	if err != nil {
		t.Skipf("the memory of other processes may not be read here: %v", err)
	}
	defer pages.Close()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		var from, to uint64
		var rights string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &rights); err != nil {
			t.Fatal(err)
		}
		if rights[0] != 'r' || to > 1<<62 || strings.HasSuffix(lines.Text(), "[vvar]") {
			continue // the kernel's own
		}
		spans = append(spans, present(pages, int64(from), int64(to))...)
	}
	return spans
}

// Bits of an entry of pagemap.
const (
	pagePresent = 1 << 63
	pageSwapped = 1 << 62
)

// present returns the pages of a range that hold anything.
func present(pages *os.File, from, to int64) (spans []span) {
	entries := make([]byte, 8<<16)
	for at := from; at < to; {
		n, _ := pages.ReadAt(entries[:min(int64(len(entries)), (to-at)/pageSize*8)], at/pageSize*8)
		if n < 8 {
			return spans
		}
		for e := entries[:n/8*8]; len(e) > 0; e = e[8:] {
			if binary.NativeEndian.Uint64(e)&(pagePresent|pageSwapped) != 0 {
				if last := len(spans) - 1; last >= 0 && spans[last].to == at {
					spans[last].to += pageSize
				} else {
					spans = append(spans, span{at, at + pageSize})
				}
			}
			at += pageSize
		}
	}
	return spans
}
