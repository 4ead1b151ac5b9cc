package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"tacit/ui/cmd/internal/drive"
)

// does runs tacitd to its end, which must be a good one.
func (w *world) does(args ...string) {
	w.t.Helper()
	cmd := exec.CommandContext(w.ctx, w.exe, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("tacitd %s: %v, %s", args[0], err, said.String())
	}
	if said.Len() > 0 {
		w.t.Errorf("tacitd %s said %q", args[0], said.String())
	}
}

func (w *world) backup(name string, more ...string) []string {
	return append([]string{"backup", "--profile", w.path(name), "--to", w.path("backup"), "--passphrase-file", w.path("pass"),
		"--backup-passphrase-file", w.path("backup pass")}, more...)
}

func (w *world) restore(name string) []string {
	return []string{"restore", "--from", w.path("backup"), "--profile", w.path(name), "--passphrase-file", w.path("pass"),
		"--backup-passphrase-file", w.path("backup pass")}
}

// chat returns a chat oldest first: texts, and notices in brackets.
func (w *world) chat(p *drive.Process, contact string) (list []string) {
	w.t.Helper()
	var r struct {
		Messages []struct{ Text, Notice string }
	}
	w.call(p, "message.list", map[string]any{"contact": contact, "limit": 1000}, &r)
	for _, m := range slices.Backward(r.Messages) {
		if m.Notice != "" {
			m.Text = "[" + m.Notice + "]"
		}
		list = append(list, m.Text)
	}
	return list
}

// TestBackupAndRestore: a profile is lost and comes back from a backup that is older than
// what was said last. Who it was trusts whom as before, the keys are renewed, and what either
// writes, or had waiting, arrives.
func TestBackupAndRestore(t *testing.T) {
	w := newWorld(t)
	w.write("backup pass", "another sentence altogether\n")
	amina, claire, m := w.pair("Amina", "Claire")
	w.awaitState(amina, w.send(amina, m.Presenter, "before 1"), "delivered")
	w.awaitState(claire, w.send(claire, m.Scanner, "before 2"), "delivered")
	var was, is struct {
		Name         string
		Trust        int
		SafetyNumber string `json:"safety_number"`
	}
	w.call(amina, "contact.get", map[string]any{"contact": m.Presenter}, &was)
	w.shutdown(amina)
	w.does(w.backup("Amina", "--history")...)

	amina = w.start("Amina")
	for i := range 3 {
		w.awaitState(amina, w.send(amina, m.Presenter, fmt.Sprint("after ", i)), "delivered")
		w.awaitState(claire, w.send(claire, m.Scanner, fmt.Sprint("lost ", i)), "delivered")
	}
	amina.Kill()
	waited := w.send(claire, m.Scanner, "waits for Amina")
	if err := os.RemoveAll(w.path("Amina")); err != nil {
		t.Fatal(err)
	}
	w.does(w.restore("Amina")...)

	amina = w.start("Amina")
	hers := w.send(amina, m.Presenter, "from the backup")
	w.awaitRenewed(amina, m.Presenter)
	w.awaitRenewed(claire, m.Scanner)
	w.awaitState(amina, hers, "delivered")
	w.awaitState(claire, waited, "delivered")
	w.awaitState(claire, w.send(claire, m.Scanner, "to the backup"), "delivered")
	w.awaitState(amina, w.send(amina, m.Presenter, "the end"), "delivered")

	w.call(amina, "contact.get", map[string]any{"contact": m.Presenter}, &is)
	if is != was || is.Trust != 3 {
		t.Errorf("the contact is %+v, was %+v", is, was)
	}
	w.wantChat(amina, m.Presenter, "before 1", "before 2", "[session_renewed]", "from the backup", "waits for Amina", "to the backup", "the end")
	w.wantChat(claire, m.Scanner, "before 1", "before 2", "after 0", "lost 0", "after 1", "lost 1", "after 2", "lost 2",
		"waits for Amina", "[session_renewed]", "from the backup", "to the backup", "the end")
	var profile struct {
		RolledBack bool `json:"rolled_back"`
	}
	if w.call(amina, "profile.get", nil, &profile); profile.RolledBack {
		t.Error("a backup is not an older copy of the profile")
	}
}

// wantChat compares a chat with what it must hold, each once; what crossed on its way may
// stand in either order.
func (w *world) wantChat(p *drive.Process, contact string, want ...string) {
	w.t.Helper()
	if got := w.chat(p, contact); sorted(got) != sorted(want) {
		w.t.Errorf("the chat is %q, want %q", got, want)
	}
}

// TestBackupsThatAreRefused: each in words, with everything left as it was.
func TestBackupsThatAreRefused(t *testing.T) {
	w := newWorld(t)
	w.write("backup pass", "another sentence altogether\n")
	w.init("Amina")
	refused := func(want string, args ...string) {
		t.Helper()
		if said := w.fails(args...); !strings.Contains(said, want) || strings.Contains(said, w.dir) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
	noProfile := func(want string) {
		t.Helper()
		refused(want, w.restore("new")...)
		if _, err := os.Stat(w.path("new") + "/vault"); err == nil {
			t.Errorf("%s: a profile was made", want)
		}
	}
	before := w.files("Amina")
	noProfile("cannot be read")
	w.write("backup", "my novel")
	unasked := w.backup("Amina")
	unasked[6] = w.path("no passphrase") // it comes before the passphrases
	refused("file of that name", unasked...)
	noProfile("not a Tacit backup")
	refused("no profile", w.backup("nobody", "--replace")...)
	refused("--to FILE", "backup", "--profile", w.path("Amina"))
	elsewhere := w.backup("Amina")
	elsewhere[4] = w.path("no/such/folder")
	refused("could not be written", elsewhere...)
	if novel, err := os.ReadFile(w.path("backup")); err != nil || string(novel) != "my novel" {
		t.Errorf("the file that was there is %q, %v", novel, err)
	}

	w.does(w.backup("Amina", "--replace")...)
	whole, err := os.ReadFile(w.path("backup"))
	if err != nil || len(whole) < 1<<20 {
		t.Fatalf("%d bytes, %v", len(whole), err)
	}
	refused("not touched", w.restore("Amina")...)
	w.write("backup", string(whole[:len(whole)-1]))
	noProfile("not whole")
	w.write("backup", "TACITB4"+string(whole[7:]))
	noProfile("newer Tacit")
	w.write("backup", string(whole))
	w.write("backup pass", "a wrong one\n")
	noProfile("passphrase of this backup")

	p := w.start("Amina")
	w.call(p, "profile.get", nil, nil)
	refused("already open", w.backup("Amina", "--replace")...)
	w.shutdown(p)
	for name := range w.files("Amina") {
		if _, ok := before[name]; !ok {
			t.Errorf("%s came with a backup", name)
		}
	}
}
