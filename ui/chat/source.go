package chat

import (
	"image"

	"tacit/app"
	"tacit/ui/widget"
)

// source is what the thread shows of a conversation. Items are kept until the next
// change: the thread asks for the same ones many times while it places them.
//
// Owner of every field: the window's goroutine.
type source struct {
	c     *Conversation
	items map[app.MessageID]widget.ThreadItem
}

func newSource(c *Conversation) *source {
	return &source{c: c, items: map[app.MessageID]widget.ThreadItem{}}
}

// changed forgets the items: some are others now.
func (s *source) changed() { clear(s.items) }

func (s *source) Len() int { return s.c.Len() }

func (s *source) Item(i int) widget.ThreadItem {
	m := s.c.Item(i)
	if item, ok := s.items[m.ID]; ok {
		return item
	}
	item := s.c.item(m)
	if item.File != nil && s.c.Pictures().Failed(item.ID) {
		item.File.Picture = false // it is a file like another
	}
	s.items[m.ID] = item
	return item
}

func (s *source) Outside() (before, after int) { return s.c.Outside() }
func (s *source) Older()                       { s.c.Older() }
func (s *source) Newer()                       { s.c.Newer() }
func (s *source) Seek(share float64)           { s.c.Seek(share) }

func (s *source) Picture(id int64, w, h int) image.Image { return s.c.Pictures().Get(id, w, h) }
func (s *source) Unload(id int64)                        { s.c.Pictures().Unload(id) }
