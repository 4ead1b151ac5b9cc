package settings

import (
	"context"
	"errors"
	"testing"

	"tacit/app"
)

type fake struct {
	t     *testing.T
	value []byte
	err   error
}

func (f *fake) run(w func(context.Context) func()) { w(f.t.Context())() }

func (f *fake) Setting(context.Context, string) ([]byte, error) {
	if f.value == nil {
		return nil, app.ErrNotFound
	}
	return f.value, nil
}

func (f *fake) SetSetting(_ context.Context, _ string, v []byte) error {
	if f.err == nil {
		f.value = v
	}
	return f.err
}

func TestAppearanceIsKept(t *testing.T) {
	f := &fake{t: t}
	a := New(f, f.run)
	a.Load()
	if a.Mode != "system" || a.Size != 100 || a.Still() {
		t.Fatalf("unset: %+v", a)
	}
	applied := 0
	a.OnApply = func() { applied++ }
	a.SetMode("dark")
	a.Step(1)
	a.Step(1)
	a.SetStill(true)
	a.SetLetters("clear")
	a.SetMode("dark")
	a.SetMode("sepia")
	a.SetLetters("fraktur")
	if applied != 5 {
		t.Errorf("applied %d times", applied)
	}
	b := New(f, f.run)
	b.Load()
	if b.Mode != "dark" || b.Size != 125 || b.Letters != "clear" || !b.Still() {
		t.Errorf("loaded %+v", b)
	}
}

// TestMotionFollowsTheDesktop: until the person chooses otherwise, and again once they
// choose the same.
func TestMotionFollowsTheDesktop(t *testing.T) {
	f := &fake{t: t}
	a := New(f, f.run)
	applied := 0
	a.OnApply = func() { applied++ }
	a.Asked(true)
	a.Asked(true)
	if !a.Still() || !a.AsAsked() || applied != 1 || f.value != nil {
		t.Fatalf("asked for: still %t, applied %d times, kept %q", a.Still(), applied, f.value)
	}
	a.SetStill(false)
	b := New(f, f.run)
	b.Asked(true)
	if b.Load(); b.Still() || b.AsAsked() {
		t.Error("the person's own choice does not stand")
	}
	a.SetStill(true)
	if a.Asked(false); a.Still() {
		t.Error("no longer follows the desktop")
	}
	a.SetStill(true)
	if a.Asked(true); !a.Still() || a.AsAsked() {
		t.Error("the choice is taken for the desktop's")
	}
}

// TestOldMotionIsRead: version 0.5 kept a flag.
func TestOldMotionIsRead(t *testing.T) {
	f := &fake{t: t, value: []byte(`{"mode":"dark","size":150,"still":true}`)}
	a := New(f, f.run)
	if a.Load(); !a.Still() || a.AsAsked() || a.Size != 150 {
		t.Errorf("%+v", a)
	}
}

// TestNewProfileLooksNew: a profile without a look of its own does not keep that of the
// one before.
func TestNewProfileLooksNew(t *testing.T) {
	f := &fake{t: t}
	a := New(f, f.run)
	applied := false
	a.OnApply = func() { applied = true }
	if a.Load(); !applied {
		t.Error("nothing was applied")
	}
}

func TestSizesEnd(t *testing.T) {
	f := &fake{t: t}
	a := New(f, f.run)
	for range 20 {
		a.Step(1)
	}
	if a.Size != 200 || a.MayStep(1) || !a.MayStep(-1) {
		t.Errorf("size %d", a.Size)
	}
	for range 20 {
		a.Step(-1)
	}
	if a.Size != 80 || a.MayStep(-1) {
		t.Errorf("size %d", a.Size)
	}
}

func TestStrangeValuesChangeNothing(t *testing.T) {
	for _, v := range []string{"", "x", `{"mode":"sepia","size":7}`, `[]`} {
		f := &fake{t: t, value: []byte(v)}
		a := New(f, f.run)
		a.Load()
		if a.Mode != "system" || a.Size != 100 {
			t.Errorf("%q: %+v", v, a)
		}
	}
}

func TestNotKeptIsSaid(t *testing.T) {
	f := &fake{t: t, err: app.ErrDiskFull}
	a := New(f, f.run)
	a.SetMode("light")
	if a.Mode != "light" || !errors.Is(a.Err, app.ErrDiskFull) {
		t.Errorf("mode %q, error %v", a.Mode, a.Err)
	}
}

func TestName(t *testing.T) {
	f := &fake{t: t}
	var renamed []string
	fail := error(nil)
	n := NewName("Amina", func(_ context.Context, name string) error {
		renamed = append(renamed, name)
		return fail
	}, f.run)
	n.Save()
	n.Edit("   ")
	n.Save()
	if !errors.Is(n.Err, app.ErrNameEmpty) || len(renamed) > 0 {
		t.Fatalf("error %v, renamed %v", n.Err, renamed)
	}
	n.Edit("Ami\u202ena B.")
	if !n.Hidden || !n.Changed() {
		t.Fatal("not seen as changed")
	}
	fail = app.ErrDiskFull
	n.Save()
	if !errors.Is(n.Err, app.ErrDiskFull) || !n.Changed() {
		t.Fatalf("error %v", n.Err)
	}
	fail = nil
	n.Save()
	if n.Changed() || n.Text() != "Amina B." || len(renamed) != 2 {
		t.Errorf("field %q, renamed %q", n.Text(), renamed)
	}
}

func TestFingerprint(t *testing.T) {
	bytes := make([]byte, 32)
	bytes[0], bytes[31] = 0xab, 0xcd
	const want = "ab00 0000 0000 0000 0000 0000 0000 0000\n0000 0000 0000 0000 0000 0000 0000 00cd"
	if got := Fingerprint(bytes); got != want {
		t.Errorf("%q", got)
	}
	if got := Fingerprint(nil); got != "" {
		t.Errorf("%q", got)
	}
}
