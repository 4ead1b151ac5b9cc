package app_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity"
	"tacit/identity/envelope"
)

// changing is a file whose state differs each time somebody asks.
type changing struct {
	io.Reader
	info *time.Time
}

func (c changing) Close() error { return nil }

func (c changing) Stat() (fs.FileInfo, error) { return changedInfo{*c.info}, nil }

type changedInfo struct{ at time.Time }

func (changedInfo) Name() string         { return "f" }
func (changedInfo) Size() int64          { return 10 }
func (changedInfo) Mode() fs.FileMode    { return 0 }
func (i changedInfo) ModTime() time.Time { return i.at }
func (changedInfo) IsDir() bool          { return false }
func (changedInfo) Sys() any             { return nil }

func opens(f func() io.Reader) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(f()), nil }
}

func TestWhatCannotBeImported(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(20, 10*chunk)
		whole := func() io.Reader { return bytes.NewReader(data) }
		now := time.Now()
		dir := t.TempDir()
		for name, tt := range map[string]struct {
			a    app.Attachment
			want error
		}{
			"too large":            {app.Attachment{Size: app.MaxFileSize + 1, Open: opens(whole)}, app.ErrFileTooLarge},
			"shorter than it said": {app.Attachment{Size: 10*chunk + 1, Open: opens(whole)}, app.ErrFileChanged},
			"longer than it said":  {app.Attachment{Size: 10*chunk - 1, Open: opens(whole)}, app.ErrFileChanged},
			"grows for ever":       {app.Attachment{Size: 5, Open: opens(func() io.Reader { return endless{} })}, app.ErrFileChanged},
			"written to meanwhile": {app.Attachment{Size: 10, Open: func() (io.ReadCloser, error) {
				return changing{io.MultiReader(bytes.NewReader(data[:10]), ends(func() { now = now.Add(time.Second) })), &now}, nil
			}}, app.ErrFileChanged},
			"refused": {app.Attachment{Size: 5, Open: func() (io.ReadCloser, error) {
				return nil, &fs.PathError{Op: "open", Path: "/home/me/secret", Err: fs.ErrPermission}
			}}, app.ErrFileUnreadable},
			"a folder": {app.Attachment{Size: 4096, Open: func() (io.ReadCloser, error) { return os.Open(dir) }}, app.ErrFileUnreadable},
			"breaks off": {app.Attachment{Size: 10 * chunk, Open: opens(func() io.Reader {
				return io.MultiReader(bytes.NewReader(data[:5*chunk]), iotest.ErrReader(errors.New("bad sector")))
			})}, app.ErrFileUnreadable},
			"a broken picture": {app.Attachment{Size: 20, Open: opens(func() io.Reader {
				return strings.NewReader("\xff\xd8\xff\xe1\xff\xffExif\x00\x00........")
			})}, app.ErrFileUnreadable},
		} {
			_, err := alice.Post(ctx, bobOfAlice, app.Outgoing{Text: "x", File: &tt.a})()
			wantErr(t, name, err, tt.want)
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: the error names a file: %v", name, err)
			}
		}
		wantBlobs(t, alice, 0)
		if ms, _ := alice.Messages(ctx, bobOfAlice, 0, 10); len(ms) > 0 {
			t.Errorf("%d messages were sent all the same", len(ms))
		}
		_, err := alice.Post(ctx, 999, app.Outgoing{File: attachment("f", data)})()
		wantErr(t, "to nobody", err, app.ErrNotFound)
		_, err = alice.Post(ctx, bobOfAlice, app.Outgoing{Text: strings.Repeat("x", app.MaxTextBytes+1), File: attachment("f", data)})()
		wantErr(t, "too long a text", err, app.ErrTextTooLong)
	})
}

// endless gives zeros without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// ends calls f when it is read.
type ends func()

func (f ends) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

func TestLengthNobodyKnows(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(21, 3*chunk+7)
		opened := 0
		a := &app.Attachment{Name: "pasted", Size: -1, Open: func() (io.ReadCloser, error) {
			opened++
			return io.NopCloser(iotest.HalfReader(bytes.NewReader(data))), nil
		}}
		m := postFile(t, alice, bobOfAlice, "", a)
		if m.File.Size != int64(len(data)) {
			t.Errorf("%+v", m.File)
		}
		wantFile(t, bob, awaitFile(t, bob, aliceOfBob, app.FileDone).ID, data)
		data = append(data, 1) // it grows between the two times that it is read
		grown := *a
		first := true
		grown.Open = func() (io.ReadCloser, error) {
			n := len(data)
			if first {
				n -= chunk
			}
			first = false
			return io.NopCloser(bytes.NewReader(data[:n])), nil
		}
		_, err := alice.Post(ctx, bobOfAlice, app.Outgoing{File: &grown})()
		wantErr(t, "grown", err, app.ErrFileChanged)
	})
}

// TestPicturesAreStripped: on their way, and with sides as they are shown.
func TestPicturesAreStripped(t *testing.T) {
	const where = "N 51.5007 W 0.1246"
	img := image.NewPaletted(image.Rect(0, 0, 30, 20), color.Palette{color.Black, color.White})
	var asPNG, asJPEG, asGIF bytes.Buffer
	png.Encode(&asPNG, img)
	jpeg.Encode(&asJPEG, img, nil)
	gif.Encode(&asGIF, img, nil)
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00" + where
	turned := append([]byte("\xff\xd8\xff\xe1\x00"), byte(len(exif)+2))
	turned = append(append(turned, exif...), asJPEG.Bytes()[2:]...)
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		for _, tt := range []struct {
			name, media   string
			data          []byte
			width, height int
			keep          bool
		}{
			{"a.png", "image/png", asPNG.Bytes(), 30, 20, false},
			{"a.gif", "image/gif", asGIF.Bytes(), 30, 20, false},
			{"a.exe", "image/jpeg", turned, 20, 30, false},
			{"a.jpg", "image/jpeg", turned, 20, 30, true},
			{"a.jpg", "", []byte("no picture at all"), 0, 0, false},
		} {
			a := attachment(tt.name, tt.data)
			a.KeepMetadata = tt.keep
			n := len(withFile(t, bob, aliceOfBob))
			postFile(t, alice, bobOfAlice, "", a)
			bob.Await("the picture", func() bool { return len(withFile(t, bob, aliceOfBob)) > n })
			m := awaitFile(t, bob, aliceOfBob, app.FileDone)
			if m.File.Type != tt.media || m.File.Width != tt.width || m.File.Height != tt.height {
				t.Errorf("%s: %+v", tt.name, m.File)
			}
			got := readFile(t, bob, m.ID)
			if bytes.Contains(got, []byte(where)) != tt.keep {
				t.Errorf("%s: kept %v: %q", tt.name, tt.keep, got)
			}
			if tt.keep && !bytes.Equal(got, tt.data) {
				t.Errorf("%s was altered", tt.name)
			}
		}
	})
}

func TestReadFromAnywhere(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(22, 5*chunk+100)
		m := postFile(t, alice, bobOfAlice, "", attachment("f", data))
		got := awaitFile(t, bob, aliceOfBob, app.FileDone)
		r, err := bob.OpenFile(ctx, got.ID)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for range 300 {
			off := rng.Int64N(int64(len(data)) + 10)
			p := make([]byte, rng.IntN(2*chunk))
			n, err := r.ReadAt(p, off)
			want := data[min(off, int64(len(data))):]
			want = want[:min(len(want), len(p))]
			if !bytes.Equal(p[:n], want) || n < len(p) != errors.Is(err, io.EOF) {
				t.Fatalf("%d bytes at %d: %d, %v", len(p), off, n, err)
			}
		}
		if err := iotest.TestReader(r, data); err != nil {
			t.Errorf("as a reader: %v", err)
		}
		if _, err := r.ReadAt(make([]byte, 1), -1); err == nil {
			t.Error("read before the beginning")
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("seek before the beginning")
		}
		second, err := bob.OpenFile(ctx, got.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := bob.Delete(ctx, got.ID, false); err != nil {
			t.Fatal(err)
		}
		wantBlobs(t, bob, 0)
		_, err = second.ReadAt(make([]byte, 1), 2*chunk)
		wantErr(t, "read of a deleted file", err, app.ErrFileNotHere)
		r.Close()
		_, err = r.ReadAt(make([]byte, 1), 0)
		wantErr(t, "read of a closed file", err, app.ErrClosed)
		wantErr(t, "open a text", errOf(alice.OpenFile(ctx, alice.Say(bobOfAlice, "x").ID)), app.ErrFileNotHere)
		wantErr(t, "fetch a text", alice.FetchFile(ctx, m.ID+1000), app.ErrNotFound)
		alice.Store.FailBlobs(func(op apptest.BlobOp) error {
			if op.Name == "read" {
				return app.ErrDamaged
			}
			return nil
		})
		own, err := alice.OpenFile(ctx, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = own.Read(make([]byte, 1))
		wantErr(t, "read of a damaged disk", err, app.ErrDamaged)
	})
}

func TestExport(t *testing.T) {
	dir := t.TempDir()
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		data := noise(23, 3*chunk+1)
		id := postFile(t, alice, bobOfAlice, "", attachment("f", data)).ID
		path := filepath.Join(dir, "out.bin")
		if err := alice.ExportFile(ctx, id, path); err != nil {
			t.Fatal(err)
		}
		wantExport(t, path, data)
		os.WriteFile(path, []byte("mine"), 0o600)
		wantErr(t, "over a file", alice.ExportFile(ctx, id, path), app.ErrFileExists)
		wantExport(t, path, []byte("mine"))
		os.Symlink("nowhere", filepath.Join(dir, "link"))
		wantErr(t, "over a link to nothing", alice.ExportFile(ctx, id, filepath.Join(dir, "link")), app.ErrFileExists)
		wantErr(t, "into no folder", alice.ExportFile(ctx, id, filepath.Join(dir, "none", "f")), app.ErrNotFound)
		wantErr(t, "of no file", alice.ExportFile(ctx, 12345, filepath.Join(dir, "g")), app.ErrFileNotHere)
		alice.Store.FailBlobs(func(op apptest.BlobOp) error {
			if op.Name == "read" && op.Box == 2 {
				return app.ErrDamaged
			}
			return nil
		})
		wantErr(t, "of a damaged file", alice.ExportFile(ctx, id, filepath.Join(dir, "g")), app.ErrDamaged)
		names, err := os.ReadDir(dir)
		if err != nil || len(names) != 2 {
			t.Errorf("%v, %v are left, want out.bin and link", names, err)
		}
	})
}

func wantExport(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes exported, %v, want %d", len(got), err, len(want))
	}
}

// TestTwoGigabytesInConstantMemory has a file of the greatest length go the whole way. Its
// boxes are kept nowhere: those of the sender are sealed again when they are read.
func TestTwoGigabytesInConstantMemory(t *testing.T) {
	friends(t, func(t *testing.T, u *apptest.Universe, alice, bob *apptest.Person, bobOfAlice, aliceOfBob app.ContactID) {
		size := int64(app.MaxFileSize)
		if underRace {
			size /= 32
		}
		var file envelope.File // before anything is read
		alice.Store.Hollow(func(_ app.BlobID, i uint32, box []byte) {
			cell, err := file.SealCell(envelope.Token{}, i, make([]byte, file.ChunkSize(i)))
			if err != nil {
				t.Error(err)
			}
			copy(box, cell[envelope.FileCell-app.BoxSize:])
		})
		bob.Store.Hollow(func(app.BlobID, uint32, []byte) { t.Error("it was read back") })
		u.Net.Cut(alice.Transport, bob.Transport, true)
		var peak atomic.Uint64
		var calls atomic.Int64
		watch := func() {
			if calls.Add(1)%(1<<13) == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapAlloc))
			}
		}
		watch()
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		m := postFile(t, alice, bobOfAlice, "", &app.Attachment{
			Name: "sparse.img", Size: size, Progress: func(int64, int64) { watch() },
			Open: opens(func() io.Reader { return io.LimitReader(endless{}, size) }),
		})
		err := alice.Store.View(ctx, func(tx app.ReadTx) error {
			rec, err := tx.File(m.ID)
			file = rec.File
			return err
		})
		if err != nil || file.Length != size {
			t.Fatalf("%d bytes imported, %v", file.Length, err)
		}
		u.Net.FilterFiles(func(_ *apptest.Transport, _ identity.Handle, cell []byte) [][]byte {
			watch()
			return [][]byte{cell}
		})
		u.Net.Cut(alice.Transport, bob.Transport, false)
		awaitFile(t, bob, aliceOfBob, app.FileDone)
		awaitFile(t, alice, bobOfAlice, app.FileDone)
		if grown := int64(peak.Load()) - int64(before.HeapAlloc); grown > 24<<20 {
			t.Errorf("the heap grew by %d MiB", grown>>20)
		} else {
			t.Logf("the heap grew by %d KiB", grown>>10)
		}
	})
}
