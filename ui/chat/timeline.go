package chat

import (
	"slices"

	"tacit/app"
)

// timeline is the part of a chat that is loaded: messages in order of ID without a
// hole, with an estimate of how many there are on either side.
type timeline struct {
	msgs          []app.Message
	before, after int  // estimates of what is not loaded; after is exact while newer is false
	older, newer  bool // something is not loaded on that side
}

// reset replaces everything.
func (t *timeline) reset(msgs []app.Message, before, after int, older, newer bool) {
	t.msgs = msgs
	t.older, t.newer = older, newer
	t.setOutside(before, after)
}

// setOutside keeps the estimates and the flags from contradicting each other.
func (t *timeline) setOutside(before, after int) {
	t.before, t.after = max(0, before), max(0, after)
	if !t.older {
		t.before = 0
	} else if t.before == 0 {
		t.before = 1
	}
	if !t.newer {
		t.after = 0
	} else if t.after == 0 {
		t.after = 1
	}
}

// prepend adds a page of older messages, oldest first, and lets go of the newest
// ones beyond maxLoaded. older says whether there are still older ones.
func (t *timeline) prepend(page []app.Message, older bool) {
	if len(t.msgs) > 0 {
		first := t.msgs[0].ID
		page = page[:firstAt(page, first)]
	}
	t.msgs = append(slices.Clip(page), t.msgs...)
	t.older = older
	after := t.after
	if over := len(t.msgs) - maxLoaded; over > 0 {
		t.msgs = slices.Clip(t.msgs[:maxLoaded])
		t.newer = true
		after += over
	}
	t.setOutside(t.before-len(page), after)
}

// extend adds a page of newer messages, oldest first, and lets go of the oldest ones
// beyond maxLoaded. newer says whether there are still newer ones.
func (t *timeline) extend(page []app.Message, newer bool) {
	if n := len(t.msgs); n > 0 {
		last := t.msgs[n-1].ID
		page = page[firstAt(page, last+1):]
	}
	t.msgs = append(t.msgs, page...)
	t.newer = newer
	t.setOutside(t.before+t.trimOldest(), t.after-len(page))
}

// trimOldest lets go of the oldest messages beyond maxLoaded and returns how many.
func (t *timeline) trimOldest() int {
	over := len(t.msgs) - maxLoaded
	if over <= 0 {
		return 0
	}
	t.msgs = slices.Clone(t.msgs[over:])
	t.older = true
	return over
}

// put stores a message that was added or changed and reports whether what is loaded
// changed by it. Where the timeline is full, a new message pushes the oldest out if
// the reader is at the end, and is itself left for later if they are not.
func (t *timeline) put(m app.Message, atEnd bool) bool {
	i := firstAt(t.msgs, m.ID)
	switch {
	case i < len(t.msgs) && t.msgs[i].ID == m.ID:
		if m.StateAt.Before(t.msgs[i].StateAt) {
			return false // an older state that was overtaken
		}
		t.msgs[i] = m
		return true
	case i == len(t.msgs) && (t.newer || !atEnd && len(t.msgs) >= maxLoaded):
		t.newer = true
		t.after++
		return false
	case i == 0 && t.older:
		return false
	}
	t.msgs = slices.Insert(t.msgs, i, m)
	t.setOutside(t.before+t.trimOldest(), t.after)
	return true
}

// remove takes a message out and reports whether it was loaded.
func (t *timeline) remove(id app.MessageID) bool {
	i := firstAt(t.msgs, id)
	if i == len(t.msgs) || t.msgs[i].ID != id {
		return false
	}
	t.msgs = slices.Delete(t.msgs, i, i+1)
	return true
}

// alter changes a message where it is and reports whether it was loaded.
func (t *timeline) alter(id app.MessageID, f func(*app.Message)) bool {
	i := firstAt(t.msgs, id)
	if i == len(t.msgs) || t.msgs[i].ID != id {
		return false
	}
	f(&t.msgs[i])
	return true
}

// find returns the message with this ID if it is loaded.
func (t *timeline) find(id app.MessageID) (app.Message, bool) {
	i := firstAt(t.msgs, id)
	if i == len(t.msgs) || t.msgs[i].ID != id {
		return app.Message{}, false
	}
	return t.msgs[i], true
}

// firstAt returns the index of the first message whose ID is id or greater.
func firstAt(msgs []app.Message, id app.MessageID) int {
	i, _ := slices.BinarySearchFunc(msgs, id, func(m app.Message, id app.MessageID) int {
		return int(m.ID - id)
	})
	return i
}
