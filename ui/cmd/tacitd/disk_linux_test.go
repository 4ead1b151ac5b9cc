package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"tacit/ui/cmd/internal/drive"
)

// ownDisk gives a profile of the world, which does not exist yet, a file system of its
// own. It is taken away after the processes that the test starts.
func (w *world) ownDisk(name, size string) {
	w.t.Helper()
	dir := w.path(name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	switch err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); {
	case errors.Is(err, syscall.EPERM):
		w.t.Skip("mounting a file system is not permitted here")
	case err != nil:
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			w.t.Error(err)
		}
	})
}

// fill takes the space that is left on a profile's disk, and returns how to free it.
func (w *world) fill(name string) (free func()) {
	w.t.Helper()
	ballast := filepath.Join(w.path(name), "ballast")
	f, err := os.Create(ballast)
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	chunk := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(chunk)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		w.t.Fatal(err)
	}
	return func() {
		w.t.Helper()
		if err := os.Remove(ballast); err != nil {
			w.t.Fatal(err)
		}
	}
}

// sendUntil sends texts that fill a large cell each until one is refused, and returns
// those that were accepted and the refusal.
func (w *world) sendUntil(p *drive.Process, contact string, most int) (accepted []string, refusal error) {
	w.t.Helper()
	for i := range most {
		text := string(bytes.Repeat([]byte{'a' + byte(i%26)}, 10_000))
		if _, err := p.Send(w.ctx, contact, text); err != nil {
			return accepted, err
		}
		accepted = append(accepted, text)
	}
	w.t.Fatalf("%d texts were accepted", most)
	return nil, nil
}

// TestDiskFullInTheMiddleOfAChat: whoever writes is told, by a word and a sentence, that
// nothing was stored; what was accepted before arrives, and with space again all goes on.
func TestDiskFullInTheMiddleOfAChat(t *testing.T) {
	w := newWorld(t)
	w.ownDisk("Amina", "32m") // a database, its log and the files, of which each doubles when it grows
	amina, claire, m := w.pair("Amina", "Claire")
	claire.Kill() // so that what is accepted has to be kept
	free := w.fill("Amina")
	accepted, refusal := w.sendUntil(amina, m.Presenter, 3000)
	if drive.Code(refusal) != "disk_full" {
		t.Fatalf("after %d texts: %v (%s)", len(accepted), refusal, drive.Code(refusal))
	}
	w.call(amina, "profile.get", nil, nil) // reading works
	if got := w.texts(amina, m.Presenter); !slices.Equal(got, accepted) {
		t.Errorf("the chat has %d texts, %d were accepted", len(got), len(accepted))
	}
	free()
	last := w.send(amina, m.Presenter, "space again")
	claire = w.start("Claire")
	w.awaitState(amina, last, "delivered")
	if got := w.texts(claire, m.Scanner); !slices.Equal(got, append(accepted, "space again")) {
		t.Errorf("%d texts arrived, %d were accepted", len(got), len(accepted)+1)
	}
}

// TestDiskFullForAFile: a file for which there is no room waits and says why; messages come
// all the same, nothing of it is left, and with space it is fetched.
func TestDiskFullForAFile(t *testing.T) {
	w := newWorld(t)
	w.ownDisk("Claire", "40m")
	amina, claire, m := w.pair("Amina", "Claire")
	want := w.noise("large", 30<<20)
	own := w.sendFile(amina, m.Presenter, "large", w.path("large"))
	there := w.received(claire, "large").Text("message")
	if e := w.awaitFile(claire, there, "paused"); e.Text("reason") != "disk_full" {
		t.Errorf("it waits for %q", e.Text("reason"))
	}
	w.awaitState(amina, w.send(amina, m.Presenter, "still there"), "delivered")
	w.awaitText(claire, "still there")
	if err := claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": w.path("early")}, nil); drive.Code(err) != "file_not_here" {
		t.Errorf("export of no file: %v", err)
	}
	if err := syscall.Mount("tmpfs", w.path("Claire"), "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	w.call(claire, "file.resume", map[string]any{"message": there}, nil)
	w.awaitFile(claire, there, "done")
	w.awaitFile(amina, own, "done")
	w.call(claire, "file.export", map[string]any{"message": there, "path": w.path("copy")}, nil)
	if w.hash(w.path("copy")) != want {
		t.Error("what was taken out is not what was sent")
	}
}

// TestDiskFullForWhoSendsAndWhoExports: nothing is sent, and nothing is left in the folder
// where the file was to be.
func TestDiskFullForWhoSendsAndWhoExports(t *testing.T) {
	w := newWorld(t)
	w.ownDisk("Amina", "40m")
	amina, claire, m := w.pair("Amina", "Claire")
	w.noise("large", 60<<20)
	err := amina.Call(w.ctx, "message.send", map[string]any{"contact": m.Presenter, "text": "x", "file": w.path("large")}, nil)
	if drive.Code(err) != "disk_full" {
		t.Errorf("a file for which there is no room: %v (%s)", err, drive.Code(err))
	}
	if got := w.list(amina, m.Presenter); len(got) != 0 {
		t.Errorf("sent all the same: %+v", got)
	}

	want := w.noise("small", 1<<20)
	w.sendFile(amina, m.Presenter, "small", w.path("small"))
	there := w.received(claire, "small").Text("message")
	w.awaitFile(claire, there, "done")
	w.ownDisk("narrow", "64k")
	err = claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": filepath.Join(w.path("narrow"), "copy")}, nil)
	if drive.Code(err) != "disk_full" {
		t.Errorf("an export for which there is no room: %v (%s)", err, drive.Code(err))
	}
	if left, err := os.ReadDir(w.path("narrow")); err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	w.call(claire, "file.export", map[string]any{"message": there, "path": w.path("copy")}, nil)
	if w.hash(w.path("copy")) != want {
		t.Error("what was taken out is not what was sent")
	}
}

// TestReadOnlyDiskInTheMiddleOfAChat: reading goes on, sending is refused in words, and
// what was queued before goes out once the disk can be written again.
func TestReadOnlyDiskInTheMiddleOfAChat(t *testing.T) {
	w := newWorld(t)
	w.ownDisk("Amina", "64m")
	amina, claire, m := w.pair("Amina", "Claire")
	claire.Kill()
	w.send(amina, m.Presenter, "queued")
	w.shutdown(amina)
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", w.path("Amina"), "tmpfs", syscall.MS_REMOUNT|flags, "size=64m"); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	said := w.fails("run", "--profile", w.path("Amina"), "--passphrase-file", w.path("pass"), "--listen", "loopback")
	if !bytes.Contains([]byte(said), []byte("cannot write to its folder")) {
		t.Errorf("said %q", said)
	}
	remount(0)
	amina, claire = w.start("Amina"), w.start("Claire")
	w.awaitText(claire, "queued")
	w.awaitState(amina, w.send(amina, m.Presenter, "and more"), "delivered")
}
