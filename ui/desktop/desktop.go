// Package desktop is what the desktop around the window offers: notes, a tray, a start with
// the session.
//
//	desktop.go                          notes, tray and what is told, as types
//	session_linux.go, bus_linux.go      the session bus, and who is on it
//	notes_linux.go                      notes, by org.freedesktop.Notifications
//	tray_linux.go, menu_linux.go        the tray and its menu, by org.kde.StatusNotifierItem
//	icon.go                             the picture in the tray
//	toolkit_other.go                    notes and tray where only the toolkit knows them
//	motion_linux.go                     the wish for less movement, by the settings portal
//	autostart.go and its systems        the start with the session
//
// Notes and tray are drawn by other programs. Nothing here waits for them: what is asked
// for is remembered, and told to them as fast as they answer.
package desktop

// Note is what stands on the desktop under a key, until another takes its place.
type Note struct {
	Key         int64
	Title, Body string // plain text on one line each
	Says        bool   // it says more than that there is something
	Blank       string // what it would say else
	Action      string // the word for what a click does
}

// Tray is what the tray shows of the program.
type Tray struct {
	Word    string // of the icon: on hover, and to who cannot see it
	Unread  bool   // something new waits
	Items   []Item // of its menu
	Mirrors bool   // the menu runs from right to left
}

// The lines of the menu.
const (
	Open = "open"
	Lock = "lock"
	Quit = "quit"
)

// Item is a line of the menu in the tray.
type Item struct {
	Name  string // one of those above, for Ears.Chosen; "" is a line that separates
	Label string
	Off   bool // it cannot be chosen now
}

// Offers is what there is on this desktop.
type Offers struct {
	Notes bool // a program shows notes
	Tray  bool // the icon can be seen
}

// Ears is what the desktop tells. The functions are called on goroutines of the desktop's;
// none may wait for the desktop.
type Ears struct {
	Clicked func(key int64)   // a note
	Closed  func(key int64)   // a note is gone by itself or by hand
	Chosen  func(name string) // a line of the menu; "" is the icon itself
	Changed func(Offers)      // told first when it is known, and at each change
}

// The name and the icon by which desktops know the program, as in its desktop file.
const (
	programName = "Tacit"
	programIcon = "tacit"
)
