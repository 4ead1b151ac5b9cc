package desktop

import (
	"context"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// Session is the desktop of the person who is logged in.
//
//	Notify, Withdraw, SetTray --wishes--> run --calls--> the programs that draw
//	                     Ears <-------------'-<-signals-'
type Session struct {
	ears Ears
	wake chan struct{} // there are new wishes
	end  context.CancelFunc
	done chan struct{} // closed when run has returned

	mu    sync.Mutex
	notes map[int64]Note // guarded by mu: those that are to stand
	tray  Tray           // guarded by mu: what it is to show
}

// Start begins to listen to the desktop, with what the tray shows at first. Close ends that.
func Start(e Ears, t Tray) *Session {
	ctx, end := context.WithCancel(context.Background())
	s := &Session{ears: e, wake: make(chan struct{}, 1), end: end, done: make(chan struct{}), notes: map[int64]Note{}, tray: t}
	go s.run(ctx)
	return s
}

// Close takes the notes away, leaves the tray and waits until that is done, for a second
// at most.
func (s *Session) Close() {
	s.end()
	<-s.done
}

// Notify has a note stand, in place of the one with the same key.
func (s *Session) Notify(n Note) {
	s.wish(func() { s.notes[n.Key] = n })
}

// Withdraw takes a note away.
func (s *Session) Withdraw(key int64) {
	s.wish(func() { delete(s.notes, key) })
}

// SetTray changes what the tray shows.
func (s *Session) SetTray(t Tray) {
	s.wish(func() { s.tray = t })
}

func (s *Session) wish(change func()) {
	s.mu.Lock()
	change()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run owns the connection and everything said over it.
func (s *Session) run(ctx context.Context) {
	defer close(s.done)
	life, cut := context.WithCancel(context.Background()) // of the connection: it outlives ctx, to clean up
	defer cut()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(endTimeout, cut) })
	defer stop()
	conn, err := connect(life)
	if err != nil {
		s.ears.Changed(Offers{})
		<-ctx.Done()
		return
	}
	defer conn.Close()
	signals := make(chan *dbus.Signal, signalQueue)
	conn.Signal(signals)
	b := &bus{s: s, conn: conn, offers: Offers{}, notes: newNotes(conn), tray: newTray(conn, s.ears.Chosen)}
	b.begin(life)
	b.serve(ctx, life, signals)
}

// bus is a session while there is a connection. It belongs to run.
type bus struct {
	s      *Session
	conn   *dbus.Conn
	offers Offers
	told   bool // offers was told once
	notes  *notes
	tray   *tray
}

// begin asks to be told who comes and goes, and looks who is there.
func (b *bus) begin(ctx context.Context) {
	for _, name := range []string{notesName, watcherName} {
		b.match(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, name))
	}
	b.match(dbus.WithMatchInterface(notesName), dbus.WithMatchObjectPath(notesPath))
	b.match(dbus.WithMatchInterface(watcherName), dbus.WithMatchObjectPath(watcherPath))
	b.s.mu.Lock()
	first := b.s.tray
	b.s.mu.Unlock()
	b.tray.export(first)
	b.look(ctx)
}

// match asks for signals. Where the bus refuses, what they tell is not known.
func (b *bus) match(options ...dbus.MatchOption) { _ = b.conn.AddMatchSignal(options...) }

// look finds out what there is.
func (b *bus) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watcherTimeout)
	defer cancel()
	b.tell(Offers{
		Notes: owned(ctx, b.conn, notesName) || startable(ctx, b.conn, notesName),
		Tray:  b.tray.register(ctx),
	})
}

func (b *bus) tell(o Offers) {
	if !b.told || o != b.offers {
		b.told, b.offers = true, o
		b.s.ears.Changed(o)
	}
}

// serve ends with ctx, after the notes are gone, or with the connection.
func (b *bus) serve(ctx, life context.Context, signals <-chan *dbus.Signal) {
	over := ctx.Done()
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		b.fulfil(ctx)
		old, next := b.notes.old(time.Now())
		if b.lost(old) {
			continue
		}
		if next > 0 {
			tick.Reset(next)
		}
		select {
		case <-tick.C:
		case <-over:
			over = nil
		case <-b.s.wake:
		case call := <-b.notes.answers:
			b.notes.answered(call)
		case sig, ok := <-signals:
			if !ok {
				b.tell(Offers{}) // the bus is gone, and everything on it
				<-ctx.Done()
				return
			}
			b.signal(life, sig)
		}
		if ctx.Err() != nil && b.notes.cleared() {
			return
		}
	}
}

// fulfil says what is wished to whoever can take it now.
func (b *bus) fulfil(ctx context.Context) {
	b.s.mu.Lock()
	tray := b.s.tray
	if ctx.Err() != nil {
		clear(b.s.notes)
	}
	b.notes.next(b.s.notes)
	b.s.mu.Unlock()
	b.tray.show(tray)
}

func (b *bus) signal(ctx context.Context, sig *dbus.Signal) {
	switch sig.Name {
	case "org.freedesktop.DBus.NameOwnerChanged":
		if name, ok := arg[string](sig, 0); ok && name == notesName {
			b.lost(b.notes.restarted())
		}
		b.look(ctx)
	case watcherName + ".StatusNotifierHostRegistered", watcherName + ".StatusNotifierHostUnregistered":
		b.look(ctx)
	case notesName + ".ActionInvoked":
		if id, ok := arg[uint32](sig, 0); ok {
			if key, ok := b.notes.key(id); ok {
				b.s.ears.Clicked(key)
			}
		}
	case notesName + ".NotificationClosed":
		if id, ok := arg[uint32](sig, 0); ok {
			b.lost(b.notes.closed(id))
		}
	}
}

// lost forgets notes that stand no more, unless there is already something else to say in
// their place. It reports whether there were any.
func (b *bus) lost(gone []Note) (any bool) {
	for _, n := range gone {
		b.s.mu.Lock()
		same := b.s.notes[n.Key] == n
		if same {
			delete(b.s.notes, n.Key)
		}
		b.s.mu.Unlock()
		if same {
			any = true
			b.s.ears.Closed(n.Key)
		}
	}
	return any
}

// arg is an argument of a signal, if it is what it should be.
func arg[T any](sig *dbus.Signal, i int) (v T, ok bool) {
	if i < len(sig.Body) {
		v, ok = sig.Body[i].(T)
	}
	return v, ok
}
