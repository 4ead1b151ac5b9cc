package preview

import (
	"container/list"
	"context"
	"image"
	"io"
)

// Open returns what a picture is read from. It may be called on any goroutine.
type Open func(ctx context.Context, id int64) (io.ReadSeekCloser, error)

// Cache loads pictures away from the window's goroutine and keeps those shown of late.
//
// Owner of every field but the last: the window's goroutine.
type Cache struct {
	// OnLoaded is called, on the window's goroutine, when a picture is there or failed.
	OnLoaded func(id int64)

	open  Open
	start func(func())
	post  func(func())
	ctx   context.Context

	pictures map[int64]*list.Element // of order, whose values are *kept
	order    *list.List              // the last used first
	bytes    int
	loading  map[int64]*load
	failed   map[int64]bool

	turn chan struct{} // has room for one: one picture is decoded at a time
}

type kept struct {
	id  int64
	img *image.RGBA
	all bool // there is no larger one to be had
}

type load struct {
	cancel context.CancelFunc
	w, h   int
}

// New returns an empty cache. start runs a function on a goroutine of its own, which ends
// with ctx at the latest; post runs one on the window's.
func New(ctx context.Context, start, post func(func()), open Open) *Cache {
	return &Cache{
		OnLoaded: func(int64) {},
		open:     open, start: start, post: post, ctx: ctx,
		pictures: map[int64]*list.Element{}, order: list.New(),
		loading: map[int64]*load{}, failed: map[int64]bool{},
		turn: make(chan struct{}, 1),
	}
}

// Get returns a picture to be shown w by h pixels. Where it has none that is large enough
// it begins to load one and returns what it has, or nil.
func (c *Cache) Get(id int64, w, h int) image.Image {
	e, ok := c.pictures[id]
	if ok {
		c.order.MoveToFront(e)
		k := e.Value.(*kept)
		if b := k.img.Rect; k.all || b.Dx() >= min(w, maxSide) && b.Dy() >= min(h, maxSide) {
			return k.img
		}
	}
	c.begin(id, w, h)
	if ok {
		return e.Value.(*kept).img
	}
	return nil
}

// Failed reports that a picture cannot be shown.
func (c *Cache) Failed(id int64) bool { return c.failed[id] }

// Unload gives up loading a picture that is out of sight.
func (c *Cache) Unload(id int64) {
	if l, ok := c.loading[id]; ok {
		l.cancel()
		delete(c.loading, id)
	}
}

// Forget drops what is known of a picture: its message is gone or another.
func (c *Cache) Forget(id int64) {
	c.Unload(id)
	delete(c.failed, id)
	if e, ok := c.pictures[id]; ok {
		c.drop(e)
	}
}

// Clear gives up all loads and drops all pictures.
func (c *Cache) Clear() {
	for id := range c.loading {
		c.Unload(id)
	}
	clear(c.failed)
	clear(c.pictures)
	c.order.Init()
	c.bytes = 0
}

func (c *Cache) begin(id int64, w, h int) {
	if l, under := c.loading[id]; under && l.w >= w && l.h >= h || c.failed[id] || c.ctx.Err() != nil {
		return
	}
	c.Unload(id)
	ctx, cancel := context.WithCancel(c.ctx)
	l := &load{cancel, w, h}
	c.loading[id] = l
	c.start(func() {
		img, err := c.load(ctx, id, w, h)
		c.post(func() {
			cancel()
			if c.loading[id] == l {
				delete(c.loading, id)
				c.loaded(id, img, err, w, h)
			}
		})
	})
}

func (c *Cache) load(ctx context.Context, id int64, w, h int) (*image.RGBA, error) {
	return c.Decode(ctx, func() (io.ReadSeekCloser, error) { return c.open(ctx, id) }, w, h)
}

// Decode is the function Decode, which waits here for its turn among what is loaded. It
// may be called on any goroutine.
func (c *Cache) Decode(ctx context.Context, open func() (io.ReadSeekCloser, error), w, h int) (*image.RGBA, error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-c.turn }()
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close() // read only: nothing is lost
	return Decode(ctx, r, w, h)
}

func (c *Cache) loaded(id int64, img *image.RGBA, err error, w, h int) {
	if err != nil {
		if len(c.failed) >= maxFailed {
			clear(c.failed)
		}
		c.failed[id] = true
		c.OnLoaded(id)
		return
	}
	if e, ok := c.pictures[id]; ok {
		c.drop(e)
	}
	all := img.Rect.Dx() < w || img.Rect.Dy() < h
	c.pictures[id] = c.order.PushFront(&kept{id, img, all})
	c.bytes += len(img.Pix)
	for c.bytes > maxCached && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
	c.OnLoaded(id)
}

func (c *Cache) drop(e *list.Element) {
	k := c.order.Remove(e).(*kept)
	delete(c.pictures, k.id)
	c.bytes -= len(k.img.Pix)
}
