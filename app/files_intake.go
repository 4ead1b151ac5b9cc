package app

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"tacit/identity/envelope"
)

// intake receives the files of one contact. The transport's goroutine brings cells; the
// loop says which files are wanted, and never waits for the disk here.
type intake struct {
	m       *Messenger
	contact ContactID

	work  sync.Mutex // held while cells are taken, also over two links of the contact
	chunk []byte     // guarded by work: room for the next

	patient bool // guarded by work: whoever brings cells waits until they are durable

	mu         sync.Mutex
	incoming   []*incoming   // guarded by mu, by message
	progressAt time.Duration // guarded by mu: when a cell was last taken
}

// incoming is a file that is fetched. Its position is that of the leading cells: what is
// not the next one is dropped.
type incoming struct {
	message MessageID
	file    envelope.File

	// guarded by intake.mu
	have    uint32        // leading cells that are durable
	tree    envelope.Tree // over them, where it is known
	arrived uint32        // leading cells that are here, at least have
	syncing bool          // have is about to grow
	asked   bool          // since the link was proven
	askedAt time.Duration // of Clock.Elapsed
	pace    time.Duration // how long to wait for cells before asking again
	gaps    int           // times that cells were missing since one was taken
	again   bool          // the cells come again from have on
	moving  bool          // a cell came since it was asked for
	resting bool          // its sender paused it
	deaf    bool          // cells are dropped until it is asked for again

	// guarded by intake.work
	blob     BlobID
	next     uint32        // the number of the next cell
	treeNext envelope.Tree // over the cells before it, where known
	known    bool          // the trees are
	syncedAt time.Duration
	meter    meter
}

// toFlush reports whether more is here than is durable or about to be. The caller holds intake.mu.
func (q *incoming) toFlush() bool { return q.arrived > q.have && !q.syncing && !q.again }

// query is a file to ask for.
type query struct {
	message MessageID
	id      envelope.FileID
	from    uint32
	stalled bool // it was asked for before
}

// add begins to fetch a file, in place of what is known of it.
func (in *intake) add(rec FileRecord) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.drop(rec.File.ID)
	q := &incoming{
		message: rec.Message, file: rec.File, have: rec.Have, arrived: rec.Have, blob: rec.Blob, next: rec.Have,
		known: rec.Have == 0, pace: fileStall,
	}
	i, _ := slices.BinarySearchFunc(in.incoming, q.message, func(q *incoming, id MessageID) int {
		return cmp.Compare(q.message, id)
	})
	in.incoming = slices.Insert(in.incoming, i, q)
}

// full reports whether no more files are to be fetched by themselves.
func (in *intake) full() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return len(in.incoming) >= maxAwaited
}

// remove gives up a file and returns it, nil where it is not fetched.
func (in *intake) remove(id envelope.FileID) *incoming {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.drop(id)
}

// drop is remove for who holds mu.
func (in *intake) drop(id envelope.FileID) *incoming {
	i := in.index(id)
	if i < 0 {
		return nil
	}
	q := in.incoming[i]
	in.incoming = slices.Delete(in.incoming, i, i+1)
	return q
}

func (in *intake) index(id envelope.FileID) int {
	return slices.IndexFunc(in.incoming, func(q *incoming) bool { return q.file.ID == id })
}

// askAnew has every file asked for again: the link is another one.
func (in *intake) askAnew() {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, q := range in.incoming {
		q.asked, q.resting, q.pace = false, false, fileStall
	}
}

// rests notes that the sender of a file paused it: it begins again by itself.
func (in *intake) rests(id envelope.FileID) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if i := in.index(id); i >= 0 {
		in.incoming[i].resting = true
	}
}

// overdue reports whether due would return anything.
func (in *intake) overdue(now time.Duration) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.ContainsFunc(in.first(), func(q *incoming) bool { return in.isDue(q, now) })
}

// idle reports whether something came that is not durable, and nothing since a while.
func (in *intake) idle(now time.Duration) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return now-in.progressAt > syncAfter && slices.ContainsFunc(in.incoming, (*incoming).toFlush)
}

// first returns the files that may be asked for.
func (in *intake) first() []*incoming { return in.incoming[:min(len(in.incoming), maxFetching)] }

// isDue: files of a contact come one after another, so none is late while another comes.
func (in *intake) isDue(q *incoming, now time.Duration) bool {
	return !q.asked || !q.resting && now-max(q.askedAt, in.progressAt) >= q.pace
}

// due returns the files to ask for now, and counts them as asked for.
func (in *intake) due(now time.Duration) (qs []query) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, q := range in.first() {
		if !in.isDue(q, now) {
			continue
		}
		qs = append(qs, query{q.message, q.file.ID, q.have, q.asked})
		if q.asked {
			q.pace, q.moving = min(2*q.pace, fileStallMax), false
		}
		q.asked, q.askedAt, q.again, q.deaf = true, now, true, false
	}
	return qs
}

// gap has a file asked for again soon after cells are missing, later each time in a row.
func (in *intake) gap(q *incoming, now time.Duration) (ask bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if q.again || now-q.askedAt < askAgain<<min(q.gaps, maxGapDoublings) {
		return false
	}
	q.asked = false
	q.gaps++
	return true
}

// deafen drops what comes of a file, which cannot be kept now, until it is asked for again.
func (in *intake) deafen(q *incoming, now time.Duration) {
	in.mu.Lock()
	defer in.mu.Unlock()
	q.deaf, q.asked, q.askedAt = true, true, now
}
