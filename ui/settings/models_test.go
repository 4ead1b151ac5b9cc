package settings

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"tacit/app"
)

// kept holds preferences; what is asked of it waits until it is let go.
type kept struct {
	app.Preferences
	err     error
	sets    int
	waiting []func()
}

func (k *kept) SetPreferences(_ context.Context, p app.Preferences) error {
	if k.sets++; k.err == nil {
		k.Preferences = p
	}
	return k.err
}

// keeper gives kept the methods under the names that the field has taken.
type keeper struct{ k *kept }

func (s keeper) Preferences(context.Context) (app.Preferences, error) {
	return s.k.Preferences, s.k.err
}

func (s keeper) SetPreferences(ctx context.Context, p app.Preferences) error {
	return s.k.SetPreferences(ctx, p)
}

func (k *kept) run(t *testing.T) Run {
	return func(work func(context.Context) func()) {
		k.waiting = append(k.waiting, func() { work(t.Context())() })
	}
}

func (k *kept) letGo() {
	for len(k.waiting) > 0 {
		next := k.waiting[0]
		k.waiting = k.waiting[1:]
		next()
	}
}

func TestPrivacy(t *testing.T) {
	k := &kept{Preferences: app.Preferences{LAN: true}}
	p := NewPrivacy(keeper{k}, k.run(t))
	p.Change(func(c *app.Preferences) { c.TellRead = true })
	if p.Chosen().TellRead || len(k.waiting) > 0 {
		t.Fatal("something was chosen before what is stored was known")
	}
	p.Load()
	k.letGo()
	if !p.Ready || p.Chosen() != (app.Preferences{LAN: true}) {
		t.Fatalf("loaded %+v", p.Chosen())
	}

	// Two changes, of which the first is not stored yet: the last word is stored last.
	p.Change(func(c *app.Preferences) { c.TellTyping = true })
	p.Change(func(c *app.Preferences) { c.TellTyping = false; c.TellRead = true })
	if len(k.waiting) != 1 {
		t.Fatalf("%d are stored at the same time", len(k.waiting))
	}
	k.letGo()
	if want := (app.Preferences{LAN: true, TellRead: true}); k.Preferences != want || p.Chosen() != want || k.sets != 2 {
		t.Errorf("stored %+v in %d steps", k.Preferences, k.sets)
	}

	// What was last seen is not told without being there.
	p.Change(func(c *app.Preferences) { c.TellSeen = true })
	if p.Chosen().TellSeen {
		t.Error("last active is told without active")
	}
	p.Change(func(c *app.Preferences) { c.TellActive, c.TellSeen = true, true })
	k.letGo()
	p.Change(func(c *app.Preferences) { c.TellActive = false })
	k.letGo()
	if k.Preferences.TellSeen {
		t.Error("last active outlives active")
	}
}

func TestPrivacyThatIsNotKept(t *testing.T) {
	k := &kept{Preferences: app.Preferences{LAN: true}}
	p := NewPrivacy(keeper{k}, k.run(t))
	p.Load()
	k.letGo()
	k.err = app.ErrDiskFull
	p.Change(func(c *app.Preferences) { c.LAN = false })
	k.letGo()
	if !p.Chosen().LAN || !errors.Is(p.Err, app.ErrDiskFull) {
		t.Errorf("shown as chosen: %+v, %v", p.Chosen(), p.Err)
	}
}

func TestPrivacyFollowsTheMessenger(t *testing.T) {
	k := &kept{}
	p := NewPrivacy(keeper{k}, k.run(t))
	p.Handle(app.PreferencesChanged{Preferences: app.Preferences{TellRead: true}})
	if !p.Ready || !p.Chosen().TellRead {
		t.Errorf("chosen %+v", p.Chosen())
	}
}

func TestLock(t *testing.T) {
	f := &fake{t: t}
	l := NewLock(f, f.run)
	l.Load()
	if l.After() != 0 {
		t.Fatalf("locks by itself at first: %v", l.After())
	}
	l.SetMinutes(7)
	l.SetMinutes(15)
	again := NewLock(f, f.run)
	again.Load()
	if again.After() != 15*time.Minute {
		t.Errorf("locks after %v", again.After())
	}
	f.err = app.ErrDiskFull
	l.SetMinutes(1)
	if !errors.Is(l.Err, app.ErrDiskFull) {
		t.Errorf("error %v", l.Err)
	}
	for _, strange := range []string{"", "x", `{"minutes":-1}`, `{"minutes":7}`} {
		f := &fake{t: t, value: []byte(strange)}
		l := NewLock(f, f.run)
		if l.Load(); l.Minutes != 0 {
			t.Errorf("%q: %d minutes", strange, l.Minutes)
		}
	}
}

func TestLinks(t *testing.T) {
	k := &kept{}
	began := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	now := []Link{{Talking, "Youssef", "b", began}, {Announcing, "", "", began}, {Talking, "Claire", "a", began}}
	var err error
	l := NewLinks(func(context.Context) ([]Link, error) { return append([]Link(nil), now...), err }, k.run(t))
	changes := 0
	l.OnChange = func() { changes++ }
	l.Load()
	l.Load()
	if len(k.waiting) != 1 {
		t.Errorf("%d looks at the same time", len(k.waiting))
	}
	k.letGo()
	want := []Link{now[1], now[2], now[0]}
	if !reflect.DeepEqual(l.Now, want) || !l.Ready {
		t.Errorf("now %v", l.Now)
	}
	l.Load()
	k.letGo()
	if changes != 1 {
		t.Errorf("told %d times of one state", changes)
	}
	err = app.ErrClosed
	l.Load()
	k.letGo()
	if changes != 2 || !errors.Is(l.Err, app.ErrClosed) || len(l.Now) != 3 {
		t.Errorf("after an error: %d, %v, %v", changes, l.Err, l.Now)
	}
}
