package app

import (
	"strconv"
	"time"

	"tacit/identity"
)

// ContactID names a contact on this computer only; it is assigned by the store,
// never reused, and means nothing to anybody else.
type ContactID int64

// MessageID names a message on this computer only. A later message of the same
// chat has a greater one.
type MessageID int64

// PairingID names a pairing while it is under way.
type PairingID string

func (id ContactID) String() string { return strconv.FormatInt(int64(id), 10) }
func (id MessageID) String() string { return strconv.FormatInt(int64(id), 10) }

// Trust says how a contact was authenticated by this side. It is local: the
// other side may know this side better or worse.
type Trust int

const (
	Unverified Trust = 0 // nothing was compared yet
	Introduced Trust = 1 // another contact vouched for the key
	Proximity  Trust = 2 // my card was read from my screen and I confirmed who stood before me
	Verified   Trust = 3 // I scanned their screen, or both codes were typed and matched
)

// Meeting says by which way a contact was authenticated; details panes put it in words.
type Meeting string

const (
	MetByCodes    Meeting = "codes"    // both typed codes matched
	MetByCamera   Meeting = "camera"   // this side's camera read the card from their screen
	MetInPerson   Meeting = "person"   // proximity confirmed
	MetByReferral Meeting = "referral" // introduced by a contact
)

// Profile is the person this program belongs to.
type Profile struct {
	Name        string
	Fingerprint identity.Fingerprint
	RolledBack  bool // this run began with an older copy: the keys with each contact are renewed
}

// Contact is somebody this profile has met.
type Contact struct {
	ID           ContactID
	Name         string // what to show: Alias where set, else TheirName
	TheirName    string // the name they chose for themselves, cleaned
	Alias        string // the name given on this computer, or empty
	Fingerprint  identity.Fingerprint
	Trust        Trust
	IntroducedBy ContactID // 0 unless Trust came from an introduction
	Meeting      Meeting
	MetAt        time.Time
	Writable     bool // their grant has arrived: they finished checking me
	Blocked      bool
	Hide         bool   // the contact never learns an address of this computer
	LooksLike    string // name of another contact that this name could be taken for, or empty
	SafetyNumber string // 60 digits
}

// Reach says over which path a contact can be reached now.
type Reach string

const (
	ReachLAN     Reach = "lan"
	ReachDirect  Reach = "direct"  // straight over the internet, past routers
	ReachRelay   Reach = "relay"   // over a node that passes sealed bytes on
	ReachMailbox Reach = "mailbox" // no link now; a node holds what is sent
	ReachNo      Reach = "no"
)

// State is where a message is. The last word of the peer's computer counts, never a hope.
//
//	            commit                     acknowledged
//	(composer) --------> StateQueued ------------------> StateDelivered
//	                      |   ^   | a node has it           ^  | their word, if they choose to give it
//	      given up for    |   |   +-------> StateHeld ------+  v
//	      a stated reason v   | Retry                       StateRead
//	                     StateFailed
//
// Received messages are StateReceived from their first moment.
type State string

const (
	StateQueued    State = "queued"
	StateHeld      State = "held" // durable at a mailbox node, and not known to be fetched
	StateDelivered State = "delivered"
	StateRead      State = "read"
	StateFailed    State = "failed"
	StateReceived  State = "received"
)

// Notice is a stable word for something that a chat shows at its place among the
// messages although nobody said it.
type Notice string

const (
	NoticeNone    Notice = ""
	NoticeRenewed Notice = "session_renewed" // the keys with the contact were renewed
	NoticeTimer   Notice = "timer"           // Own or the contact set Message.Timer for the chat
)

// Ref names a message on both computers: random, drawn by whoever wrote it. Only together
// with the writer does it say which message is meant, since the other side could repeat it.
// Zero for messages of versions that had none.
type Ref [16]byte

// IsZero reports that r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Message is one entry of a chat. One with a Notice is none that anybody sent: it has
// no text, no SentAt and no State, is never unread and never found by a search.
type Message struct {
	ID      MessageID
	Contact ContactID
	Own     bool
	Ref     Ref
	Text    string
	SentAt  time.Time // the sender's clock
	At      time.Time // this computer's clock, when it was stored; orders the chat together with ID
	State   State
	Reason  Reason    // why, where State is StateFailed; or ReasonAgain
	StateAt time.Time // when State was reached
	Unread  bool      // received and not seen yet
	Unknown bool      // content of a newer version: Text is empty, the bytes are kept
	Notice  Notice    // the entry is no message but this

	Replies   bool      // it answers another message
	ReplyTo   MessageID // that message; 0 where it is not here (any more)
	Forwarded bool
	EditedAt  time.Time  // zero: never; the earlier texts are told by Messenger.Edits
	Revision  uint64     // of the text: 0 as it was written, greater with each change
	Deleted   bool       // its writer took it back for all: Text and File are gone
	Reactions []Reaction // oldest first
	File      *File      // nil: none
	Path      Path       // how it came, or how it went; empty while it waits, and of versions that kept none

	Timer     time.Duration // how long it stays once it was read; 0: for good. Of NoticeTimer: what was set
	ExpiresAt time.Time     // when it vanishes; zero while that does not count yet
}

// Reaction is an emoji that one side put to a message.
type Reaction struct {
	Emoji string
	Own   bool
	At    time.Time
}

// Edit is an earlier text of an edited message.
type Edit struct {
	Text string
	At   time.Time // when this text was written: SentAt, or when it was edited to it
}

// Path is the way a message took. Who could have seen what on it is for windows to say.
type Path string

const (
	PathNone    Path = ""
	PathLAN     Path = "lan"     // straight from one computer to the other on one network
	PathDirect  Path = "direct"  // straight from one to the other over the internet
	PathRelay   Path = "relay"   // over a relay that passes sealed bytes on
	PathMailbox Path = "mailbox" // left at a node, and fetched there
)

// FileState is where the file of a message is.
//
//	received:  FileWaiting --link--> FileMoving --all there, tree hash right--> FileDone
//	              ^   ^ \--Pause--> FilePaused      |
//	              |   '----Fetch-------'   ^--------+--disk full (Reason)
//	              '------link lost-----------------'--cell or hash wrong--> FileFailed
//	own:       FileWaiting (not fetched yet), FileMoving, FileDone (the contact has all of it)
//	both:      Cancel by either side, or the file is gone there: FileCancelled
type FileState string

const (
	FileWaiting   FileState = "waiting"
	FileMoving    FileState = "moving"
	FilePaused    FileState = "paused"
	FileDone      FileState = "done"
	FileFailed    FileState = "failed"
	FileCancelled FileState = "cancelled"
)

// File is what a message carries besides its text.
type File struct {
	Name          string // fit to be shown and to be a file's name anywhere (CleanFileName)
	Type          string // media type by its content, e.g. "image/png"; "" where nobody knows
	Size          int64  // bytes
	Width, Height int    // of a picture, in pixels, as its sender says; 0 of anything else
	State         FileState
	Reason        Reason // why, in FilePaused and FileFailed
	Done          int64  // bytes that are here, or at the contact
}

// Reason is a stable word for why a message or a file is in its state.
type Reason string

const (
	ReasonNone     Reason = ""
	ReasonKeys     Reason = "keys_refused" // it was handed over again and again and never accepted
	ReasonDiskFull Reason = "disk_full"    // of a file: there is no room for the rest
	ReasonAltered  Reason = "altered"      // of a file: what came is not what was promised
	ReasonAsk      Reason = "ask"          // of a file: so large that the person is asked first
	ReasonGone     Reason = "gone"         // of a file: the sender has it no longer
	ReasonAgain    Reason = "again"        // of a queued message: it was sealed before, and may have arrived
)

// Chat is a row of the chat list: a contact with what its row shows.
type Chat struct {
	Contact    Contact
	Last       *Message // nil while there is nothing; a notice only where nothing was said
	Unread     int
	Reach      Reach
	ActivityAt time.Time // Last.At of a message, else Contact.MetAt
	ChatMarks
	Timer    time.Duration // for what is written from now on; 0: off
	Draft    string        // typed and not sent
	Position MessageID     // the last message in sight when the chat was left; 0: the end
	Typing   bool          // the contact types, and chose to tell
	Active   bool          // the contact is at the computer, and chose to tell
	ActiveAt time.Time     // when the contact last was, where they chose to tell; zero: unknown
}

// ChatMarks are what a person marks a chat with, on this computer only.
type ChatMarks struct {
	Pinned       bool
	Archived     bool // out of the list until something new comes, unless Muted
	Muted        bool // nothing is announced
	MarkedUnread bool // by hand
	Hidden       bool // not shown before the passphrase was typed again
}

// CardRequest says which card to make.
type CardRequest struct {
	TTL   time.Duration // at most identity.MaxLinkTTL; screen cards live 2 min and stay good 60 s more
	Shown bool          // the card is shown on a screen (flag bit 0)
	Local bool          // it names no node, so that only this network leads to its maker
}

// CardOffer is a fresh card of this profile.
type CardOffer struct {
	Pairing   PairingID
	Card      string // "TACIT1:..."
	Internet  bool   // it names a node: it can be answered from beyond the local network
	ExpiresAt time.Time
}

// PairingPhase is where a pairing stands.
//
//	R: PhaseOffered --M1--> PhaseHandshake --M3--> PhaseCodes --+--code right--> PhaseChecked --> PhaseDone
//	S: PhaseSearching -M2-> PhaseHandshake --M4--> PhaseCodes --+    (their grant has arrived: PhaseDone)
//	                                                            +--code wrong, stopped, expired--> PhaseFailed
type PairingPhase string

const (
	PhaseOffered   PairingPhase = "offered"   // R: the card waits to be opened
	PhaseSearching PairingPhase = "searching" // S: the presenter has not answered yet
	PhaseHandshake PairingPhase = "handshake" // messages are being exchanged
	PhaseCodes     PairingPhase = "codes"     // Peer is known by claim; codes to be typed
	PhaseChecked   PairingPhase = "checked"   // this side is satisfied; the other has not finished
	PhaseDone      PairingPhase = "done"      // both may write
	PhaseFailed    PairingPhase = "failed"    // ended; Err says why
)

// Pairing is one meeting under way, as a window shows it.
type Pairing struct {
	ID        PairingID
	Phase     PairingPhase
	Presenter bool   // this side made the card
	Shown     bool   // the card was marked as shown on a screen
	Link      bool   // a card that outlives this run
	PeerName  string // what the other side calls itself; empty before PhaseCodes
	LooksLike string // an existing contact's name that PeerName could be taken for
	Show      string // six digits to read to the peer; empty until they may be shown
	Enter     bool   // six digits of the peer must be typed
	MayAttest bool   // the question "is {name} standing before you?" may be asked
	Contact   ContactID
	Internet  bool  // the two need not be there together: the node that the card names holds what they say
	Away      bool  // that node does not answer
	Err       error // one of the errors of this package, in PhaseFailed
	ExpiresAt time.Time
}
