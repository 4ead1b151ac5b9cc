package cryptfs

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"lukechampine.com/adiantum"
)

// FuzzHeader is a file whose header blocks hold anything, in clear or under the
// right key, and whose length on the disk says something else than they do.
func FuzzHeader(f *testing.F) {
	cipher := adiantum.New(testKey[:])
	f.Add([]byte{}, []byte{}, true, true, uint32(4*blockSize), uint8(0), int64(0))
	f.Fuzz(func(t *testing.T, first, second []byte, keyed1, keyed2 bool, size uint32, as uint8, off int64) {
		if size > 64*blockSize {
			return
		}
		r := []role{roleDatabase, roleLog, roleJournal}[as%3]
		disk := &memFile{disk: newMemDisk(), data: make([]byte, size)}
		namer := &file{role: r}
		var written []header
		for i, b := range [][]byte{first, second} {
			var block [blockSize]byte
			copy(block[:], b)
			if [2]bool{keyed1, keyed2}[i] {
				if h, ok := parseHeader(&block); ok && int(size) >= (i+1)*blockSize {
					written = append(written, h)
					checkHeader(t, h)
				}
				cipher.Encrypt(block[:], namer.tweak(int64(i)))
			}
			if i*blockSize < len(disk.data) {
				copy(disk.data[i*blockSize:], block[:])
			}
		}
		before := bytes.Clone(disk.data)
		opened, err := openFile(disk, cipher, r, false)
		if err != nil {
			if opened != nil || !errors.Is(err, errNoHeader) {
				t.Fatalf("refused with %v", err)
			}
		} else {
			checkOpened(t, opened, r, written, int64(size), off)
		}
		if !bytes.Equal(disk.data, before) {
			t.Fatal("opening and reading wrote to the file")
		}
	})
}

// checkHeader: what was read is what would be written.
func checkHeader(t *testing.T, h header) {
	t.Helper()
	var block [blockSize]byte
	h.put(&block)
	if again, ok := parseHeader(&block); !ok || again != h {
		t.Fatalf("%+v reads back as %+v, %t", h, again, ok)
	}
}

// checkOpened: the length is that of the later header, within the file, and nothing
// beyond it can be read.
func checkOpened(t *testing.T, f *file, r role, written []header, size, off int64) {
	t.Helper()
	if r != roleLog {
		var latest header
		for _, h := range written {
			if h.turn >= latest.turn {
				latest = h
			}
		}
		if f.saved.turn != latest.turn || len(written) == 0 && r != roleJournal {
			t.Fatalf("opened with %+v of %+v", f.saved, written)
		}
	}
	if f.length < 0 || f.length > size || r != roleLog && f.length > max(0, size-headerCount*blockSize) {
		t.Fatalf("%d bytes in use of %d", f.length, size)
	}
	if off < 0 {
		return
	}
	n, err := f.ReadAt(make([]byte, 2*blockSize), off)
	switch {
	case n > 0 && off+int64(n) > f.length:
		t.Fatalf("%d bytes at %d of %d", n, off, f.length)
	case err != nil && err != io.EOF && !errors.Is(err, errAltered):
		t.Fatal(err)
	case off >= f.length && (n != 0 || err != io.EOF):
		t.Fatalf("%d bytes beyond the end: %v", n, err)
	}
}

var theDisk *memDisk // a database with some commits, made once

// FuzzDatabase opens a database of which one block was written over: under the key
// somebody lacks, it is noise, and what is noise must be noticed; under the right
// key it may be anything, and SQLite must survive it.
func FuzzDatabase(f *testing.F) {
	cipher := adiantum.New(testKey[:])
	f.Add(uint8(0), uint16(0), []byte{}, true)
	f.Fuzz(func(t *testing.T, which uint8, at uint16, patch []byte, keyed bool) {
		if theDisk == nil {
			theDisk = baseDisk(t)
			db, err := openDB(theDisk, testKey)
			if err != nil {
				t.Fatal(err)
			}
			for n := 1; n <= 3; n++ {
				if err := commit(db, n); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.close(); err != nil {
				t.Fatal(err)
			}
		}
		i := int64(which % 4) // two headers, the first page, and the root of a table
		disk := theDisk.clone()
		data := disk.files["db"].data
		block := bytes.Clone(data[i*blockSize : (i+1)*blockSize])
		namer := &file{role: roleDatabase}
		if keyed {
			cipher.Decrypt(block, namer.tweak(i))
		}
		copy(block[int(at)%blockSize:], patch)
		if keyed {
			cipher.Encrypt(block, namer.tweak(i))
		}
		same := bytes.Equal(data[i*blockSize:(i+1)*blockSize], block)
		copy(data[i*blockSize:], block)

		n, err := readSum(disk)
		switch {
		case same:
			if err != nil || n != "3" {
				t.Fatalf("nothing was altered: %q, %v", n, err)
			}
		case keyed || i < headerCount:
			// The other header may tell of a time when the file was shorter.
		case err == nil && n != "3":
			t.Fatalf("block %d was altered, and read as %q", i, n)
		case i == headerCount && err == nil:
			t.Fatal("the first page was altered unnoticed")
		}
	})
}

func readSum(disk *memDisk) (n string, err error) {
	db, err := openDB(disk, testKey)
	if err != nil {
		return "", err
	}
	n, err = db.text("SELECT n FROM sum")
	db.kill()
	return n, err
}
