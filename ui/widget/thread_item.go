package widget

import (
	"image"
	"slices"
	"time"
)

// ThreadState is what the glyph at the end of an own message says.
type ThreadState int

const (
	ThreadNone ThreadState = iota // somebody else's message
	ThreadQueued
	ThreadDelivered
	ThreadFailed
	ThreadRead
	ThreadHeld
)

// ThreadItem is one message as a Thread shows it. What it points to must not be changed
// afterwards; an item that is another is another value.
type ThreadItem struct {
	ID      int64 // greater than that of the item before
	Own     bool
	Text    string // as it was typed: markdown and links are found by the thread
	At      time.Time
	State   ThreadState
	Note    string // sentence below the bubble: why it failed
	Unknown bool   // Text is our sentence about content that nobody here understands
	Notice  bool   // Text is our sentence about something that happened: no message, without a box

	Edited    bool
	Deleted   bool // nothing of it is left; Text may say so in other words
	Forwarded bool
	Fresh     bool // the line "New messages" stands above it
	Timer     ThreadTimer
	Quote     *ThreadQuote
	Reactions []ThreadReaction
	File      *ThreadFile
	Marks     []ThreadRange // hits of a search
}

// ThreadTimer tells that a message disappears. A Total of 0 says that it stays.
type ThreadTimer struct {
	Total  time.Duration
	EndsAt time.Time // zero while the time has not begun to count
}

// ThreadQuote is the message that another one answers.
type ThreadQuote struct {
	ID   int64 // 0: it is no longer here
	Name string
	Text string // as it was typed, or what stands for a file
}

// ThreadReaction is an emoji under a message, with how many people chose it.
type ThreadReaction struct {
	Emoji string
	Count int
	Own   bool // the user is one of them
}

// ThreadFileAction is what a click on a file does.
type ThreadFileAction int

const (
	FileNothing ThreadFileAction = iota
	FileFetch
	FilePause
	FileResume
	FileExport
)

// ThreadFile is the file of a message.
type ThreadFile struct {
	Name          string
	Detail        string  // size and progress, or why it is not here
	Share         float32 // of it that is here, 0 to 1; less than 0 for none to show
	Action        ThreadFileAction
	Picture       bool // shown through ThreadSource.Picture
	Width, Height int  // of a picture, in its own pixels; 0 where nobody knows
	Voice         *ThreadVoice
}

// ThreadRange is the runes of a text from From up to To.
type ThreadRange struct{ From, To int }

// ThreadSource is the loaded part of a list of messages of any length. A Thread asks
// for more through it and is told by Changed, ShowEnd or ShowItem, later or at once.
type ThreadSource interface {
	// Len returns how many items are loaded.
	Len() int
	// Item returns a loaded item; 0 is the oldest.
	Item(i int) ThreadItem
	// Outside estimates how many items there are before and after the loaded ones;
	// 0 is exact.
	Outside() (before, after int)
	// Older and Newer ask for more on one side. They are called often.
	Older()
	Newer()
	// Seek asks for what is about at a share of the whole list, 0 to 1.
	Seek(share float64)
	// Picture returns the picture of a message to be shown w by h device pixels, of
	// that size or larger. Nil says that it is not there: the source begins to load it,
	// and the thread is told by Changed. It is asked again until then.
	Picture(id int64, w, h int) image.Image
	// Unload tells that the picture of a message is out of sight: a load under way is
	// of no use any more.
	Unload(id int64)
}

// same reports whether two items show the same.
func (i *ThreadItem) same(j *ThreadItem) bool {
	return i.ID == j.ID && i.Own == j.Own && i.Text == j.Text && i.At.Equal(j.At) && i.State == j.State &&
		i.Note == j.Note && i.Unknown == j.Unknown && i.Notice == j.Notice &&
		i.Edited == j.Edited && i.Deleted == j.Deleted && i.Forwarded == j.Forwarded && i.Fresh == j.Fresh &&
		i.Timer == j.Timer && sameValue(i.Quote, j.Quote) && sameFile(i.File, j.File) &&
		slices.Equal(i.Reactions, j.Reactions) && slices.Equal(i.Marks, j.Marks)
}

func sameFile(a, b *ThreadFile) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.Voice, y.Voice = nil, nil
	return x == y && sameValue(a.Voice, b.Voice)
}

func sameValue[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}
