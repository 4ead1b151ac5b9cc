//go:build unix

package main

import (
	"crypto/rand"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tacit/ui/cmd/internal/drive"
)

// noise writes a file of random bytes and returns its hash.
func (w *world) noise(name string, size int) [32]byte {
	w.t.Helper()
	b := make([]byte, size)
	rand.Read(b)
	w.write(name, string(b))
	return sha256.Sum256(b)
}

func (w *world) hash(path string) [32]byte {
	w.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return sha256.Sum256(b)
}

func (w *world) sendFile(p *drive.Process, contact, text, path string) string {
	w.t.Helper()
	var sent sentView
	w.call(p, "message.send", map[string]any{"contact": contact, "text": text, "file": path}, &sent)
	return sent.Message
}

func (w *world) awaitFile(p *drive.Process, id, state string) drive.Event {
	w.t.Helper()
	e, err := p.Await(w.ctx, "a file that is "+state, func(e drive.Event) bool {
		return e.Type() == "file.progress" && e.Text("message") == id && e.Text("state") == state
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// TestFileBetweenProcesses: a file arrives as it was, under a name fit for any disk, and is
// written where the caller says, whole or not at all.
func TestFileBetweenProcesses(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	if err := os.Mkdir(w.path("from"), 0o700); err != nil {
		t.Fatal(err)
	}
	const name = "..evil\u202egnp.exe"
	want := w.noise("from/"+name, 300_000)
	own := w.sendFile(amina, m.Presenter, "the plan", w.path("from")+"/../from/./"+name)
	heard := w.received(claire, "the plan")
	file, _ := heard["file"].(map[string]any)
	if got, _ := file["name"].(string); got == "" || strings.ContainsAny(got, "/\\\x00\u202e") || strings.HasPrefix(got, ".") || file["size"] != 300_000.0 {
		t.Errorf("the file is told as %v", heard["file"])
	}
	there := heard.Text("message")
	done := w.awaitFile(claire, there, "done")
	if done["done"] != 300_000.0 || done["total"] != 300_000.0 {
		t.Errorf("told at the end: %v", done)
	}
	w.awaitFile(amina, own, "done")
	if got := w.entry(amina, m.Presenter, own).File; got == nil || got.State != "done" || got.Name != file["name"] {
		t.Errorf("the own file: %+v", got)
	}

	export := func(path string) error {
		return claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": path}, nil)
	}
	to := w.path("from") + "/../taken out.bin"
	if err := export(to); err != nil {
		t.Fatal(err)
	}
	if w.hash(w.path("taken out.bin")) != want {
		t.Error("what was taken out is not what was sent")
	}
	w.write("precious", "do not touch")
	before, _ := os.ReadDir(w.dir)
	for what, c := range map[string]struct{ path, code string }{
		"over a file":         {w.path("precious"), "file_exists"},
		"over a folder":       {w.path("from"), "file_exists"},
		"again":               {to, "file_exists"},
		"to no path":          {"", "invalid_params"},
		"to a missing folder": {w.path("nowhere/x"), "not_found"},
		"a NUL in its path":   {w.path("a\x00b"), "disk_read_only"},
	} {
		if err := export(c.path); drive.Code(err) != c.code {
			t.Errorf("%s: %v (%s), want %s", what, err, drive.Code(err), c.code)
		}
	}
	if got, _ := os.ReadFile(w.path("precious")); string(got) != "do not touch" {
		t.Error("a file was overwritten")
	}
	if after, _ := os.ReadDir(w.dir); len(after) != len(before) {
		t.Errorf("something was left: %v", after)
	}
	w.call(claire, "message.delete", map[string]any{"message": there}, nil)
	if err := export(w.path("late")); drive.Code(err) != "file_not_here" {
		t.Errorf("of a deleted message: %v", err)
	}
}

// TestFileRefused: what cannot be sent is refused before anything is said, and what has no
// end does not hold up the caller.
func TestFileRefused(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	if err := syscall.Mkfifo(w.path("pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	huge, err := os.Create(w.path("huge"))
	if err != nil {
		t.Fatal(err)
	}
	if err := huge.Truncate(1<<31 + 1); err != nil { // a hole, which takes no room
		t.Fatal(err)
	}
	huge.Close()
	for name, code := range map[string]string{
		w.path("nothing"): "file_unreadable", w.dir: "file_unreadable", w.path("pipe"): "file_unreadable",
		"/dev/zero": "file_unreadable", w.path("a\x00b"): "file_unreadable", w.path("huge"): "file_too_large",
	} {
		err := amina.Call(w.ctx, "message.send", map[string]any{"contact": m.Presenter, "text": "x", "file": name}, nil)
		if drive.Code(err) != code {
			t.Errorf("%q: %v (%s), want %s", name, err, drive.Code(err), code)
		}
	}
	text := w.send(amina, m.Presenter, "no file")
	w.awaitState(amina, text, "delivered")
	there := w.received(claire, "no file").Text("message")
	for _, method := range []string{"file.pause", "file.resume", "file.cancel"} {
		if err := claire.Call(w.ctx, method, map[string]any{"message": there}, nil); drive.Code(err) != "not_found" {
			t.Errorf("%s of a text: %v", method, err)
		}
	}
	if err := claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": w.path("x")}, nil); drive.Code(err) != "file_not_here" {
		t.Errorf("file.export of a text: %v", err)
	}
	if got := w.list(claire, m.Scanner); len(got) != 1 {
		t.Errorf("Claire got %v", got)
	}
}

// TestFileSurvivesAKill: the receiver is killed in the middle of 20 MiB and goes on from
// there when it is started again.
func TestFileSurvivesAKill(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	const size = 20 << 20
	want := w.noise("large", size)
	own := w.sendFile(amina, m.Presenter, "large", w.path("large"))
	there := w.received(claire, "large").Text("message")

	// The sender may run for some milliseconds at a time, until part of the file is there.
	stop := func() { amina.Process().Signal(syscall.SIGSTOP) }
	run := func() { amina.Process().Signal(syscall.SIGCONT) }
	stop()
	defer run()
	slice := time.NewTicker(2 * time.Millisecond)
	defer slice.Stop()
	var part int64
	for part == 0 {
		run()
		<-slice.C
		stop()
		part = w.entry(claire, m.Scanner, there).File.Done
	}
	if part >= size {
		t.Fatal("all of it was there at once: nothing to be killed in the middle of")
	}
	claire.Kill()
	run()

	claire = w.start("Claire")
	w.awaitFile(claire, there, "done")
	w.awaitFile(amina, own, "done")
	w.call(claire, "file.export", map[string]any{"message": there, "path": w.path("copy")}, nil)
	if w.hash(w.path("copy")) != want {
		t.Error("what was taken out is not what was sent")
	}
	got := w.entry(claire, m.Scanner, there).File
	if got.State != "done" || got.Done != size || got.Size != size || filepath.Base(got.Name) != "large" {
		t.Errorf("the file: %+v", got)
	}
}

// TestFileIsPausedAndCancelled by its receiver.
func TestFileIsPausedAndCancelled(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	want := w.noise("paused", 50<<20)
	own := w.sendFile(amina, m.Presenter, "paused", w.path("paused"))
	there := w.received(claire, "paused").Text("message")
	on := map[string]any{"message": there}
	w.call(claire, "file.pause", on, nil)
	w.awaitFile(claire, there, "paused")
	if err := claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": w.path("early")}, nil); drive.Code(err) != "file_not_here" {
		t.Errorf("export of half a file: %v", err)
	}
	w.awaitState(amina, w.send(amina, m.Presenter, "still there"), "delivered")
	w.call(claire, "file.resume", on, nil)
	w.awaitFile(claire, there, "done")
	w.call(claire, "file.export", map[string]any{"message": there, "path": w.path("whole")}, nil)
	if w.hash(w.path("whole")) != want {
		t.Error("what was taken out is not what was sent")
	}
	w.awaitFile(amina, own, "done")

	own = w.sendFile(amina, m.Presenter, "cancelled", w.path("paused"))
	there = w.received(claire, "cancelled").Text("message")
	w.call(claire, "file.cancel", map[string]any{"message": there}, nil)
	w.awaitFile(claire, there, "cancelled")
	w.awaitFile(amina, own, "cancelled")
	if err := claire.Call(w.ctx, "file.export", map[string]any{"message": there, "path": w.path("late")}, nil); drive.Code(err) != "file_not_here" {
		t.Errorf("export of a cancelled file: %v", err)
	}
}
