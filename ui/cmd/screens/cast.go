package main

// role is what somebody is there for in the pictures.
type role int

const (
	friend     role = iota // the conversation with everything in it
	away                   // reached over a mailbox; every state of a message
	longName               // with new messages
	drafting               // something is typed and not sent
	vanishing              // messages disappear
	failing                // a message could not be sent
	introduced             // by the friend; nothing was said
	muted                  // and marked as unread by hand
	blocked
	archived
	roles
)

// metDays is how many days ago each was met.
var metDays = [roles]int{110, 96, 90, 71, 60, 55, 4, 40, 30, 24}

// cast is the people of one language and what they say.
type cast struct {
	secret   string // my passphrase
	me       string
	names    [roles]string
	newcomer string // has not compared codes yet
	label    string // of my second profile

	said    [lines]string // between my friend and me
	edited  string        // what became of one of them
	picture string        // name of a picture
	file    string        // name of a document
	archive string        // name of a large file

	toAway    [5]string // one for each state, and an answer
	fromLong  [4]string
	draft     string
	heard     string // before the draft
	vanish    [3]string
	failed    [2]string
	quiet     string
	unwelcome string
	old       string
	query     string // a word of the conversation
	nowhere   string // a word that was never said
	reply     string // is being typed as an answer
	camera    string // name of a camera
}

// lines of the conversation with my friend.
const lines = 15

// casts are the people of each language.
var casts = map[string]*cast{"en": &english, "fr": &french, "ar": &arabic}

// one is a line of the plan that the conversations of all languages follow.
type one struct {
	own     bool
	days    int    // ago
	at      string // time of day
	answers int    // index of the line that it answers; -1: none
	react   string // emoji that the other side puts to it
	kind    kind
}

// kind is what a line is beside its text.
type kind int

const (
	plain kind = iota
	withPicture
	withFile
	withArchive // larger than is fetched without a word
	changed
	takenBack
	withVoice
	passedOn // forwarded from the chat with the one who is drafting
)

var plan = [lines]one{
	{days: 1, at: "09:12", answers: -1},
	{own: true, days: 1, at: "09:15", answers: -1, react: "👍"},
	{days: 1, at: "09:20", answers: -1, react: "❤️"},
	{at: "16:58", answers: -1, kind: withPicture},
	{own: true, at: "17:02", answers: 2},
	{own: true, at: "17:03", answers: -1, kind: changed},
	{at: "17:10", answers: -1},
	{at: "17:11", answers: -1, kind: takenBack},
	{own: true, at: "17:20", answers: -1, kind: passedOn},
	{own: true, at: "17:31", answers: -1, kind: withFile},
	{at: "17:33", answers: -1, kind: withArchive},
	{at: "17:41", answers: -1, react: "😂"},
	{own: true, at: "17:58", answers: 11},
	{at: "18:01", answers: -1, kind: withVoice},
	{at: "18:02", answers: -1},
}
