package desktop

import (
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	notesName = "org.freedesktop.Notifications"
	notesPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// notes makes what stands with the server of notes what is wished. One call is under way
// at a time: what is wished meanwhile waits, and only the last of it is said. So no answer
// can be lost, and with it the number by which a note is taken away.
//
// Servers keep what they showed: some have a history of notes that ended by themselves or
// were closed, whatever they are asked. So a note that says something is first replaced by
// one that says nothing, then closed, and never ends by itself if that can be helped.
//
// It belongs to the goroutine of its session.
type notes struct {
	server  dbus.BusObject
	answers chan *dbus.Call

	known  bool // what the server can do
	clicks bool // it tells of clicks
	markup bool // it reads bodies as markup

	stands map[int64]placed
	call   calling
	about  Note // what the call under way shows or takes away
}

// placed is a note that stands.
type placed struct {
	note  Note
	id    uint32 // the server's number for it; 0: it refused it
	since time.Time
}

type calling int

const (
	idle calling = iota
	asking
	showing
	emptying
	closing
)

func newNotes(conn *dbus.Conn) *notes {
	return &notes{server: conn.Object(notesName, notesPath), answers: make(chan *dbus.Call, 1), stands: map[int64]placed{}}
}

// cleared reports that nothing stands and nothing is under way.
func (n *notes) cleared() bool { return n.call == idle && len(n.stands) == 0 }

// next begins the next call that brings what stands nearer to what is wished: first what
// has to go, then what is to come.
func (n *notes) next(wished map[int64]Note) {
	if n.call != idle {
		return
	}
	for key, p := range n.stands {
		if _, ok := wished[key]; !ok {
			n.remove(key, p)
			if n.call != idle {
				return
			}
		}
	}
	for key, w := range wished {
		if n.stands[key].note == w {
			continue
		}
		if !n.known {
			n.call = asking
			n.server.Go(notesName+".GetCapabilities", 0, n.answers)
			return
		}
		n.show(w)
		return
	}
}

// remove takes a note away.
func (n *notes) remove(key int64, p placed) {
	n.about = p.note
	switch {
	case p.id == 0:
		delete(n.stands, key)
	case p.note.Says:
		n.call = emptying
		n.ask(p.id, nothing(key))
	default:
		n.call = closing
		n.server.Go(notesName+".CloseNotification", 0, n.answers, p.id)
	}
}

// nothing is a note that says nothing.
func nothing(key int64) Note { return Note{Key: key, Title: programName} }

func (n *notes) show(w Note) {
	n.call, n.about = showing, w
	n.ask(n.stands[w.Key].id, w)
}

// ask asks for a note in place of one with a number, that no history keeps and that makes
// no sound.
func (n *notes) ask(instead uint32, w Note) {
	var actions []string
	if n.clicks && w.Action != "" {
		actions = []string{"default", w.Action}
	}
	body := w.Body
	if n.markup {
		body = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(body)
	}
	hints := map[string]dbus.Variant{
		"transient":      dbus.MakeVariant(true),
		"suppress-sound": dbus.MakeVariant(true),
		"category":       dbus.MakeVariant("im.received"),
		"desktop-entry":  dbus.MakeVariant(programIcon),
		"urgency":        dbus.MakeVariant(byte(1)), // normal
	}
	ends := int32(-1) // as the server likes
	if w.Says {
		ends = int32(orphanLife.Milliseconds())
	}
	n.server.Go(notesName+".Notify", 0, n.answers, programName, instead, programIcon, w.Title, body, actions, hints, ends)
}

// answered takes the answer to the call under way. A server that refuses a note is not
// asked for it again: it counts as standing, without a number.
func (n *notes) answered(c *dbus.Call) {
	call := n.call
	n.call = idle
	switch call {
	case asking:
		var can []string
		_ = c.Store(&can) // who does not say can nothing
		n.known, n.clicks, n.markup = true, slices.Contains(can, "actions"), slices.Contains(can, "body-markup")
	case showing:
		var id uint32
		_ = c.Store(&id)
		n.stands[n.about.Key] = placed{note: n.about, id: id, since: time.Now()}
	case emptying:
		if p, ok := n.stands[n.about.Key]; ok { // else its server is gone
			_ = c.Store(&p.id) // mostly the same
			p.note = nothing(n.about.Key)
			n.stands[n.about.Key] = p
		}
	case closing:
		delete(n.stands, n.about.Key)
	}
}

// key finds the note that a server means.
func (n *notes) key(id uint32) (int64, bool) {
	for key, p := range n.stands {
		if p.id == id && id != 0 {
			return key, true
		}
	}
	return 0, false
}

// closed takes word that a note is gone, and returns it.
func (n *notes) closed(id uint32) []Note {
	key, ok := n.key(id)
	if !ok || (n.call == closing || n.call == emptying) && n.about.Key == key {
		return nil
	}
	gone := n.stands[key].note
	delete(n.stands, key)
	return []Note{gone}
}

// old returns the notes that have said something for long enough, and when to look again;
// zero: not.
func (n *notes) old(now time.Time) (over []Note, next time.Duration) {
	for _, p := range n.stands {
		if !p.note.Says {
			continue
		}
		left := noteLife - now.Sub(p.since)
		switch {
		case left <= 0:
			over = append(over, p.note)
		case next == 0 || left < next:
			next = left
		}
	}
	return over, next
}

// restarted takes word that another server is there, or none, and returns what is gone
// with the one before.
func (n *notes) restarted() []Note {
	gone := make([]Note, 0, len(n.stands))
	for _, p := range n.stands {
		gone = append(gone, p.note)
	}
	clear(n.stands)
	n.known = false
	return gone
}
