package app

import "time"

// ChatReader is what ReadTx tells about what is said of messages.
//
// Message and everything that returns messages fill in the fields that are no columns of
// their own: Unread, Reactions (oldest first) and File (FileRecord.Shown).
type ChatReader interface {
	// MessageByRef returns the message of a chat that one side wrote under this name, the
	// oldest where there are several. ErrNotFound, always for a zero Ref.
	MessageByRef(c ContactID, own bool, ref Ref) (Message, error)
	// Boxed reports whether a box in the outbox names the message.
	Boxed(MessageID) (bool, error)
	// UnreadMessages returns the received messages of a chat with after < ID <= upTo that
	// are Unread, oldest first, at most limit.
	UnreadMessages(c ContactID, after, upTo MessageID, limit int) ([]Message, error)
	// Edits returns the earlier texts of a message, oldest first; none for an unknown one.
	Edits(MessageID) ([]Edit, error)

	// Expired returns messages whose ExpiresAt is set and not after now, earliest first, at most limit.
	Expired(now time.Time, limit int) ([]Message, error)
	// NextExpiry returns the earliest ExpiresAt of all messages, zero where none has one.
	NextExpiry() (time.Time, error)

	// UnsealedSayings returns a contact's sayings that no box names, by ID, at most limit.
	UnsealedSayings(c ContactID, limit int) ([]Saying, error)
	// Saying returns one. ErrNotFound.
	Saying(SayingID) (Saying, error)
	// SayingCount returns how many sayings of a contact are kept, sealed or not.
	SayingCount(ContactID) (int, error)

	// Chat returns what SetChat stored, zero but for Contact where nothing was.
	Chat(ContactID) (ChatRecord, error)

	// SearchMessages returns messages that contain every word of the query, best first, at
	// most q.Limit. A word is found at the beginning of a word of the text after the folding
	// of package fold; nothing in the query is an operator, and one without a word finds
	// nothing. What was not yet indexed is found all the same. Chats marked as hidden are
	// left out unless q.Hidden, others than q.Contact where that is not 0.
	SearchMessages(q SearchQuery) ([]Hit, error)
}

// ChatWriter is what Tx changes about what is said of messages. Methods that take a
// MessageID answer ErrNotFound where there is no such message, unless they say otherwise.
//
// AddMessage and AddUnknown of Tx store every field of a Message but ID, Unread, Reactions
// and File. A received one without Notice is unread. Outbox rows keep their Saying; one
// whose message or saying is gone names none (0), and stays.
type ChatWriter interface {
	// SetMessageText sets Text, Revision and EditedAt, and keeps the text from before as an
	// Edit with the time of that text (EditedAt, or SentAt where it was zero). Of more than
	// MaxEdits earlier texts the second oldest goes. The index forgets the text from before.
	SetMessageText(id MessageID, text string, revision uint64, at time.Time) error
	// SetMessageDeleted sets Deleted and empties Text and Edits; reactions go, and its place
	// in the index. Path, times, Replies and Timer stay; the file record goes.
	SetMessageDeleted(MessageID) error
	// SetMessageDelivered sets StateDelivered with its time, the path that it took, and when
	// it will vanish (zero: not).
	SetMessageDelivered(id MessageID, at time.Time, p Path, expires time.Time) error
	// RemoveMessage deletes a message with its edits, reactions, file record and place in
	// the index. Messages that answer it have ReplyTo 0 from then on; an unread one is
	// counted no more. Its ID is not given again.
	RemoveMessage(MessageID) error
	// SetReaction adds a reaction of one side, or takes it away (At does not matter then).
	// Adding one that is there changes nothing.
	SetReaction(id MessageID, r Reaction, on bool) error

	// StartTimers sets ExpiresAt = now + Timer of the received messages of a chat with
	// ID <= upTo that have a Timer, no Notice and no ExpiresAt yet, and returns their IDs, ascending.
	StartTimers(c ContactID, upTo MessageID, now time.Time) ([]MessageID, error)
	// ShiftExpiries adds by, which may be negative, to every ExpiresAt that is set: the wall
	// clock was moved by so much.
	ShiftExpiries(by time.Duration) error
	// CapExpiries sets ExpiresAt to now + Timer where it is later than that.
	CapExpiries(now time.Time) error
	// QueueAgain gives all own messages of a contact in StateQueued the reason ReasonAgain:
	// whether a box with them was opened by the contact cannot be told.
	QueueAgain(ContactID) error

	// SetChat stores or replaces what is kept of a chat. ErrNotFound for an unknown contact.
	SetChat(ChatRecord) error

	// AddSaying stores a saying and returns its ID, which ascends; the ID field is ignored. It
	// takes the place of those of the same contact, kind and topic that no box names yet.
	AddSaying(Saying) (SayingID, error)
	// RemoveSaying deletes a saying. No error where there is none.
	RemoveSaying(SayingID) error
	// RemoveSaid deletes the sayings that boxes of the contact with Seq <= seq name; the boxes stay.
	RemoveSaid(c ContactID, seq uint64) error
}

// SayingID names a saying in the store.
type SayingID int64

// Saying is something said to a contact that is no message: about one, about the chat or
// about a file. It is kept until the contact has it, and sealed anew from here.
type Saying struct {
	ID      SayingID
	Contact ContactID
	Kind    uint64   // of its content
	Topic   [16]byte // what it is about: of several with one topic and kind only the last is worth saying
	Body    []byte   // of its content
	At      time.Time
}

// ChatRecord is what is kept of a chat beside its messages.
type ChatRecord struct {
	Contact ContactID
	ChatMarks
	Timer        time.Duration // whole seconds
	TimerVersion uint64        // how often either side set it
	Draft        string
	Position     MessageID
}

// SearchQuery says what to search for.
type SearchQuery struct {
	Text    string
	Contact ContactID // 0: in all chats
	Hidden  bool      // in chats that are marked as hidden, too
	Limit   int
}

// Hit is a message that was found.
type Hit struct {
	Message Message
	Score   float64 // how well it fits, to be compared within one answer only: greater is better
}
