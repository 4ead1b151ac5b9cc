package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tacit/ui/cmd/internal/drive"
)

func TestTwoProcessesPairAndChat(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")

	w.awaitState(amina, w.send(amina, m.Presenter, "Bonjour Claire."), "delivered")
	w.awaitText(claire, "Bonjour Claire.")
	w.awaitState(claire, w.send(claire, m.Scanner, "مرحباً أمينة"), "delivered")
	w.awaitText(amina, "مرحباً أمينة")

	var here, there struct {
		Name         string
		Trust        int
		SafetyNumber string `json:"safety_number"`
	}
	w.call(amina, "contact.get", map[string]any{"contact": m.Presenter}, &here)
	w.call(claire, "contact.get", map[string]any{"contact": m.Scanner}, &there)
	if here.Name != "Claire" || there.Name != "Amina" || here.Trust != 3 || there.Trust != 3 {
		t.Errorf("contacts: %+v and %+v", here, there)
	}
	if len(here.SafetyNumber) != 60 || here.SafetyNumber != there.SafetyNumber {
		t.Errorf("safety numbers %q and %q", here.SafetyNumber, there.SafetyNumber)
	}
	var found struct{ Messages []struct{ Text string } }
	w.call(claire, "message.search", map[string]any{"query": "bonjour"}, &found)
	if len(found.Messages) != 1 || found.Messages[0].Text != "Bonjour Claire." {
		t.Errorf("search found %v", found.Messages)
	}
	w.shutdown(amina)
	w.shutdown(claire)
}

func TestQueuedMessageSurvivesKillsOfBothSides(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	claire.Kill()
	first := w.send(amina, m.Presenter, "one")
	second := w.send(amina, m.Presenter, "two")
	amina.Kill()

	amina = w.start("Amina")
	third := w.send(amina, m.Presenter, "three")
	claire = w.start("Claire")
	for _, text := range []string{"one", "two", "three"} {
		w.awaitText(claire, text)
	}
	for _, id := range []string{first, second, third} {
		w.awaitState(amina, id, "delivered")
	}
	if got := w.texts(claire, m.Scanner); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("the chat is %q", got)
	}
}

// TestKillsInTheMiddle kills either side again and again while messages flow; all
// that was accepted arrives once and in order.
func TestKillsInTheMiddle(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina", "Claire")
	var want []string
	for round := range 4 {
		for i := range 25 {
			text := fmt.Sprintf("%d.%d", round, i)
			w.send(amina, m.Presenter, text)
			want = append(want, text)
			if i == 5+3*round {
				claire.Kill()
				claire = w.start("Claire")
			}
		}
		amina.Kill()
		amina = w.start("Amina")
	}
	last := w.send(amina, m.Presenter, "end")
	w.awaitState(amina, last, "delivered")
	if got := w.texts(claire, m.Scanner); !slices.Equal(got, append(want, "end")) {
		t.Errorf("the chat is %q", got)
	}
}

func TestNothingReadableOnDisk(t *testing.T) {
	w := newWorld(t)
	amina, claire, m := w.pair("Amina Ben Salah", "Claire Fontaine")
	const text = "the quotation on page four goes"
	w.awaitState(amina, w.send(amina, m.Presenter, text), "delivered")
	var profile struct{ Fingerprint string }
	w.call(claire, "profile.get", nil, &profile)
	fp, err := hex.DecodeString(profile.Fingerprint)
	if err != nil || len(fp) != 32 {
		t.Fatalf("fingerprint %q", profile.Fingerprint)
	}
	// Search the live files of the one and the files at rest of the other.
	w.shutdown(claire)
	for _, name := range []string{"Amina Ben Salah", "Claire Fontaine"} {
		for what, needle := range map[string][]byte{
			"a name": []byte("Amina"), "another name": []byte("Claire"), "the text": []byte("quotation"),
			"the fingerprint": fp, "its digits": []byte(profile.Fingerprint), "SQLite": []byte("SQLite format"),
		} {
			w.searchFiles(w.path(name), what, needle)
		}
	}
}

func (w *world) searchFiles(dir, what string, needle []byte) {
	w.t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		if strings.Contains(d.Name(), string(needle)) {
			w.t.Errorf("%s stands in a file's name", what)
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, needle) {
			w.t.Errorf("%s stands readable in %s", what, d.Name())
		}
		return err
	})
	if err != nil || files == 0 {
		w.t.Errorf("%d files searched: %v", files, err)
	}
}

func (w *world) call(p *drive.Process, method string, params, result any) {
	w.t.Helper()
	if params == nil {
		params = struct{}{}
	}
	if err := p.Call(w.ctx, method, params, result); err != nil {
		w.t.Fatal(err)
	}
}
