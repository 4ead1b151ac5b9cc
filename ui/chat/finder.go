package chat

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tacit/app"
)

// searchDelay is how long typing rests before it is searched for: one search a word, not
// one a key.
const searchDelay = 120 * time.Millisecond

// hunt is a search that follows what is typed. Only the answer to the last question counts.
//
// Owner of every field: the window's goroutine.
type hunt struct {
	m      Messenger
	work   *Work
	done   func() // the hits are others
	query  string
	hits   []app.Message // best first
	rest   wait
	turn   int
	cancel context.CancelFunc
}

// ask searches for what was typed, a moment later. Fewer than minQuery characters find nothing.
func (h *hunt) ask(q app.SearchQuery) {
	h.end()
	h.query = q.Text
	if utf8.RuneCountInString(q.Text) < minQuery {
		h.hits = nil
		h.done()
		return
	}
	h.rest.start(h.work, searchDelay, func() { h.begin(q) })
}

func (h *hunt) begin(q app.SearchQuery) {
	ctx, cancel := context.WithCancel(h.work.ctx)
	h.cancel = cancel
	turn := h.turn
	call(h.work, func(context.Context) ([]app.Hit, error) {
		return h.m.Search(ctx, q)
	}, func(hits []app.Hit, err error) {
		cancel()
		if turn != h.turn {
			return
		}
		h.cancel = nil
		h.hits = nil
		for _, hit := range hits {
			if err == nil {
				h.hits = append(h.hits, hit.Message)
			}
		}
		h.done()
	})
}

// running reports whether an answer is still to come.
func (h *hunt) running() bool { return h.rest.running() || h.cancel != nil }

// end drops the question that is open.
func (h *hunt) end() {
	h.turn++
	h.rest.stop()
	if h.cancel != nil {
		h.cancel()
		h.cancel = nil
	}
}

// drop takes out a message that is gone, and reports whether it was a hit.
func (h *hunt) drop(id app.MessageID) bool {
	n := len(h.hits)
	h.hits = slices.DeleteFunc(h.hits, func(m app.Message) bool { return m.ID == id })
	return len(h.hits) < n
}

// finder is the search within one chat: its hits from the newest, one of which is in sight.
type finder struct {
	open bool
	hunt hunt
	at   int
	led  string // what was searched for in the list when a hit led here
}

// Finding reports whether the search in this chat is open, and what for.
func (c *Conversation) Finding() (query string, open bool) { return c.finder.hunt.query, c.finder.open }

// Found returns which hit is in sight, from 1, and how many there are; pending says that
// the answer is still to come.
func (c *Conversation) Found() (n, of int, pending bool) {
	f := &c.finder
	if of = len(f.hunt.hits); of > 0 {
		n = f.at + 1
	}
	return n, of, f.hunt.running()
}

// Sought returns the text whose occurrences are to be highlighted, or "".
func (c *Conversation) Sought() string {
	if c.finder.open {
		return c.finder.hunt.query
	}
	return c.finder.led
}

// GoToHit shows a message that was found elsewhere by a query, which is highlighted until
// the person answers or searches for something else.
func (c *Conversation) GoToHit(id app.MessageID, query string) {
	c.CloseFinder()
	c.finder.led = query
	c.GoTo(id)
}

// OpenFinder opens the search in this chat.
func (c *Conversation) OpenFinder() {
	if !c.finder.open {
		c.finder = finder{open: true, hunt: hunt{m: c.m, work: c.work, done: c.found}}
	}
	c.finderChanged()
}

// CloseFinder ends it and reports whether it was open. What is in sight stays.
func (c *Conversation) CloseFinder() bool {
	if !c.finder.open {
		return false
	}
	c.finder.close()
	c.touch(Stay, 0)
	c.finderChanged()
	return true
}

func (f *finder) close() {
	f.hunt.end()
	f.open, f.led = false, ""
}

func (c *Conversation) finderChanged() {
	if !c.closed {
		c.OnFinder()
	}
}

// Search looks for messages of this chat.
func (c *Conversation) Search(query string) {
	query = strings.TrimSpace(query)
	if !c.finder.open || query == c.finder.hunt.query {
		return
	}
	c.finder.hunt.ask(app.SearchQuery{Text: query, Contact: c.id, Hidden: true, Limit: maxFound})
	c.touch(Stay, 0) // other words are highlighted
	c.finderChanged()
}

// found takes the hits in the order of the chat and shows the newest.
func (c *Conversation) found() {
	f := &c.finder
	slices.SortFunc(f.hunt.hits, func(a, b app.Message) int { return cmp.Compare(b.ID, a.ID) })
	f.at = 0
	if len(f.hunt.hits) > 0 {
		c.GoTo(f.hunt.hits[0].ID)
	}
	c.finderChanged()
}

// Step goes to the next older hit, or back to the next newer one; it goes round at the ends.
func (c *Conversation) Step(older bool) {
	f := &c.finder
	n := len(f.hunt.hits)
	if n == 0 {
		return
	}
	by := n - 1
	if older {
		by = 1
	}
	f.at = (f.at + by) % n
	c.GoTo(f.hunt.hits[f.at].ID)
	c.finderChanged()
}

// lost takes out of the hits a message that is gone or says something else now.
func (f *finder) lost(id app.MessageID) bool {
	if !f.hunt.drop(id) {
		return false
	}
	f.at = max(0, min(f.at, len(f.hunt.hits)-1))
	return true
}
