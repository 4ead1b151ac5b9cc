package profiles

import (
	"context"
	"errors"
	"testing"

	"tacit/app"
	"tacit/ui/lang"
)

func now(t *testing.T) Run {
	return func(work func(context.Context) func()) { work(t.Context())() }
}

func TestEntry(t *testing.T) {
	for _, c := range []struct {
		e          Entry
		word, sign string
	}{
		{Entry{2, ""}, "Profile 2", "2"},
		{Entry{2, "Bureau"}, "Bureau", "B"},
		{Entry{3, "👩‍👧 maison"}, "👩‍👧 maison", "👩‍👧"},
	} {
		if got := lang.Plain(c.e.Word()); got != c.word || c.e.Sign() != c.sign {
			t.Errorf("%+v: %q, %q", c.e, got, c.e.Sign())
		}
	}
}

func TestLabel(t *testing.T) {
	var written []string
	var fail error
	l := NewLabel("", now(t), func(s string) error {
		written = append(written, s)
		return fail
	})
	saved := ""
	l.OnSaved = func(s string) { saved = s }
	l.Edit("   ")
	l.Save()
	l.Edit("\u202e")
	l.Save()
	if len(written) > 0 || !errors.Is(l.Err, app.ErrNameEmpty) {
		t.Fatalf("written %q, %v", written, l.Err)
	}
	l.Edit(" Bu\u202ereau ")
	fail = app.ErrDiskReadOnly
	l.Save()
	if !errors.Is(l.Err, app.ErrDiskReadOnly) || saved != "" || !l.Changed() {
		t.Errorf("error %v, saved %q", l.Err, saved)
	}
	fail = nil
	l.Save()
	if saved != "Bureau" || l.Changed() || l.Text() != "Bureau" {
		t.Errorf("saved %q, field %q", saved, l.Text())
	}
	l.Edit("")
	l.Save()
	if len(written) != 3 || written[2] != "" || l.Err != nil {
		t.Errorf("forgotten: %q, %v", written, l.Err)
	}
}

func TestRemoval(t *testing.T) {
	checked := 0
	fail := app.ErrPassphrase
	r := NewRemoval(now(t), func(_ context.Context, p string) error {
		if checked++; p == "right" {
			return nil
		}
		return fail
	})
	confirmed := ""
	r.OnConfirmed = func(p string) { confirmed = p }
	for _, typed := range [][2]string{{"", ""}, {"right", ""}, {"", r.Word()}, {"right", "yes"}} {
		r.Edit(typed[0], typed[1])
		if r.Confirm(); r.Ready() || checked > 0 {
			t.Fatalf("%q is enough", typed)
		}
	}
	r.Edit("wrong", r.Word())
	r.Confirm()
	if !errors.Is(r.Err, app.ErrPassphrase) || confirmed != "" || r.Busy {
		t.Errorf("wrong passphrase: %v, %q", r.Err, confirmed)
	}
	r.Edit("right", " "+r.Word()+" ")
	r.Confirm()
	if confirmed != "right" || r.Err != nil {
		t.Errorf("confirmed %q, %v", confirmed, r.Err)
	}
	if r.Ready() {
		t.Error("the passphrase is kept")
	}
}
