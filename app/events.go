package app

import "time"

// Event is something that happened, told to subscribers after it is durable.
// The types are the structs of this file, passed by value.
type Event interface{ event() }

type (
	// Snapshot is the first event of a subscription: the state that later events change.
	Snapshot struct {
		Profile  Profile
		Chats    []Chat // as Messenger.Chats
		Pairings []Pairing
		Nodes    []Node // as Messenger.Nodes
		Nearby   Nearby

		Preferences Preferences
	}
	// Resync says that events were dropped because the subscriber was slow; a Snapshot follows.
	Resync struct{}
	// PairingChanged carries the whole new state of a pairing.
	PairingChanged struct{ Pairing Pairing }
	// ContactAdded is told once for each contact, when this side has authenticated it.
	ContactAdded struct{ Contact Contact }
	// ContactChanged carries the whole new contact (name, trust, right to write, block).
	ContactChanged struct{ Contact Contact }
	// ContactRemoved is told after a contact and its chat are gone.
	ContactRemoved struct{ Contact ContactID }
	// MessageAdded is told for each own message when it is committed and each received one when it is stored.
	MessageAdded struct{ Message Message }
	// MessageStateChanged is told when a peer acknowledged a message or it failed.
	MessageStateChanged struct{ Message Message }
	// MessageChanged carries the whole new message after anything but its state changed.
	MessageChanged struct {
		Message Message
		What    Change
	}
	// MessageRemoved is told after a message is gone from this computer.
	MessageRemoved struct {
		Contact ContactID
		Message MessageID
		What    Change // ChangeRemoved or ChangeExpired
	}
	// FileProgress is told while a file moves, at most some times a second, and when its
	// state changes.
	FileProgress struct {
		Contact ContactID
		Message MessageID
		File    File
		Rate    int64 // bytes a second of late; 0 where nothing moves
	}
	// ChatChanged is told after the marks, the timer or the draft of a chat changed, and
	// after messages of it are gone.
	ChatChanged struct{ Chat Chat }
	// ContactActive is told when a contact begins or ceases to type, comes or goes, as far as
	// they chose to tell.
	ContactActive struct {
		Contact        ContactID
		Typing, Active bool
		ActiveAt       time.Time // zero: unknown
	}
	// PreferencesChanged carries what the person chose.
	PreferencesChanged struct{ Preferences Preferences }
	// ChatRead is told when unread messages of a chat were seen.
	ChatRead struct {
		Contact ContactID
		Unread  int
	}
	// PresenceChanged is told when a contact becomes reachable or is known to be away.
	PresenceChanged struct {
		Contact ContactID
		Reach   Reach
	}
	// SessionRenewed is told when the keys with a contact were renewed; the notice in the
	// chat is told by MessageAdded.
	SessionRenewed struct{ Contact ContactID }
	// ProfileChanged is told after the own name changed.
	ProfileChanged struct{ Profile Profile }
	// NodeChanged carries the whole new state of an own mailbox node.
	NodeChanged struct{ Node Node }
	// NodeRemoved is told after nothing of the profile is left at a node, or it was given up.
	NodeRemoved struct{ Node NodeID }
	// OfferChanged is told when a contact offers to hold messages, or does so no more.
	OfferChanged struct {
		Contact ContactID
		Offered bool
	}
	// NearbyChanged carries the whole new state of a stay among those who pair nearby.
	NearbyChanged struct{ Nearby Nearby }
	// ClockJumped is told when the wall clock moved against the monotonic one.
	ClockJumped struct{ By time.Duration }
	// StorageFailed is told when something that arrived could not be stored (disk full,
	// read-only); it was not acknowledged, so the peer sends it again.
	StorageFailed struct{ Err error }
)

// Change is a stable word for what changed about a message.
type Change string

const (
	ChangeEdited    Change = "edited"
	ChangeDeleted   Change = "deleted" // for all: the entry stays and says so
	ChangeReactions Change = "reactions"
	ChangeTimer     Change = "timer"   // it began to count
	ChangeFile      Change = "file"    // its file has another state
	ChangeRemoved   Change = "removed" // on this computer
	ChangeExpired   Change = "expired" // its time was over
)

func (Snapshot) event()            {}
func (NodeChanged) event()         {}
func (NodeRemoved) event()         {}
func (OfferChanged) event()        {}
func (Resync) event()              {}
func (NearbyChanged) event()       {}
func (PairingChanged) event()      {}
func (ContactAdded) event()        {}
func (ContactChanged) event()      {}
func (ContactRemoved) event()      {}
func (MessageAdded) event()        {}
func (MessageStateChanged) event() {}
func (ChatRead) event()            {}
func (MessageChanged) event()      {}
func (MessageRemoved) event()      {}
func (FileProgress) event()        {}
func (ChatChanged) event()         {}
func (ContactActive) event()       {}
func (PreferencesChanged) event()  {}
func (PresenceChanged) event()     {}
func (SessionRenewed) event()      {}
func (ProfileChanged) event()      {}
func (ClockJumped) event()         {}
func (StorageFailed) event()       {}
