package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tacit/ui/cmd/internal/drive"
)

// TestRenewSession: asked for by one, told to both, and not twice within an hour.
func TestRenewSession(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	w.awaitState(amina, w.send(amina, m.Presenter, "before"), "delivered")
	w.call(amina, "contact.renew_session", map[string]any{"contact": m.Presenter}, &struct{}{})
	w.awaitRenewed(amina, m.Presenter)
	w.awaitRenewed(claire, m.Scanner)
	w.awaitState(amina, w.send(amina, m.Presenter, "after"), "delivered")
	w.awaitState(claire, w.send(claire, m.Scanner, "mine, too"), "delivered")
	for p, contact := range map[*drive.Process]string{amina: m.Presenter, claire: m.Scanner} {
		err := p.Call(w.ctx, "contact.renew_session", map[string]any{"contact": contact}, nil)
		if drive.Code(err) != "too_soon" {
			t.Errorf("renewed again at once: %v", err)
		}
		var r struct {
			Messages []struct{ Text, Notice string }
		}
		w.call(p, "message.list", map[string]any{"contact": contact}, &r)
		var chat []string
		for _, e := range slices.Backward(r.Messages) {
			chat = append(chat, e.Text+e.Notice)
		}
		if want := []string{"before", "session_renewed", "after", "mine, too"}; !slices.Equal(chat, want) {
			t.Errorf("the chat is %q, want %q", chat, want)
		}
	}
}

func (w *world) awaitRenewed(p *drive.Process, contact string) {
	w.t.Helper()
	_, err := p.Await(w.ctx, "the end of a renewal", func(e drive.Event) bool {
		return e.Type() == "session.renewed" && e.Text("contact") == contact
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// older has Amina go back, after the copy and a kill, to those files of her profile that
// names lists (all where it lists none), and checks that both write and hear again.
func older(t *testing.T, names ...string) (amina *drive.Process) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	w.awaitState(amina, w.send(amina, m.Presenter, "known to the copy"), "delivered")
	w.shutdown(amina)
	copied := w.files("Amina")
	for i := range 2 {
		amina = w.start("Amina")
		w.awaitState(amina, w.send(amina, m.Presenter, fmt.Sprint("unknown to it ", i)), "delivered")
		w.awaitState(claire, w.send(claire, m.Scanner, fmt.Sprint("lost ", i)), "delivered")
		amina.Kill()
	}
	w.putBack("Amina", copied, names)

	amina = w.start("Amina")
	hers := w.send(amina, m.Presenter, "after the copy")
	his := w.send(claire, m.Scanner, "heard after the copy")
	w.awaitRenewed(amina, m.Presenter)
	w.awaitRenewed(claire, m.Scanner)
	w.awaitState(amina, hers, "delivered")
	w.awaitState(claire, his, "delivered")
	want := []string{"known to the copy", "unknown to it 0", "lost 0", "unknown to it 1", "lost 1", "after the copy", "heard after the copy"}
	got := slices.DeleteFunc(w.texts(claire, m.Scanner), func(s string) bool { return s == "" }) // the notice
	if sorted(got) != sorted(want) {
		t.Errorf("Claire's chat is %q, want %q", got, want)
	}
	want = []string{"known to the copy", "after the copy", "heard after the copy"}
	got = slices.DeleteFunc(w.texts(amina, m.Presenter), func(s string) bool { return s == "" })
	if sorted(got) != sorted(want) {
		t.Errorf("Amina's chat is %q, want %q", got, want)
	}
	return amina
}

func sorted(s []string) string { return fmt.Sprint(slices.Sorted(slices.Values(s))) }

// putBack replaces files of a profile, and takes away what was not there.
func (w *world) putBack(name string, old map[string]string, only []string) {
	w.t.Helper()
	all := old
	if len(only) > 0 {
		all = w.files(name)
		for _, f := range only {
			delete(all, f)
			if content, ok := old[f]; ok {
				all[f] = content
			}
		}
	}
	for f := range maps.Keys(w.files(name)) {
		if err := os.Remove(filepath.Join(w.path(name), f)); err != nil {
			w.t.Fatal(err)
		}
	}
	for f, content := range all {
		w.write(filepath.Join(name, f), content)
	}
}

// TestOlderFolder: nothing on the own computer can tell that the whole folder is old.
func TestOlderFolder(t *testing.T) {
	amina := older(t)
	var profile struct {
		RolledBack bool `json:"rolled_back"`
	}
	if err := amina.Call(t.Context(), "profile.get", struct{}{}, &profile); err != nil || profile.RolledBack {
		t.Errorf("rolled back %t, %v", profile.RolledBack, err)
	}
}

// TestOlderDatabase: the counter beside it tells, and nothing is sent under old keys.
func TestOlderDatabase(t *testing.T) {
	amina := older(t, "store", "store-wal", "store-journal")
	var profile struct {
		RolledBack bool `json:"rolled_back"`
	}
	if err := amina.Call(t.Context(), "profile.get", struct{}{}, &profile); err != nil || !profile.RolledBack {
		t.Errorf("rolled back %t, %v", profile.RolledBack, err)
	}
}
