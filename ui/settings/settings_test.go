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
	if a.Mode != "system" || a.Size != 100 || a.Still {
		t.Fatalf("unset: %+v", a)
	}
	applied := 0
	a.OnApply = func() { applied++ }
	a.SetMode("dark")
	a.Step(1)
	a.Step(1)
	a.SetStill(true)
	a.SetMode("dark")
	a.SetMode("sepia")
	if applied != 4 {
		t.Errorf("applied %d times", applied)
	}
	b := New(f, f.run)
	b.Load()
	if b.Mode != "dark" || b.Size != 125 || !b.Still {
		t.Errorf("loaded %+v", b)
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
