package chat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tacit/app"
	"tacit/app/picture"
	"tacit/ui/lang"
)

// Pending is a file that stands in the composer, to go with the next message.
type Pending struct {
	ID      int
	Name    string
	Size    int64
	Picture bool // it may tell where and how it was taken, which is left out
	Tells   bool // it may tell how it was made, which cannot be left out
	open    func() (io.ReadSeekCloser, error)
}

// inMemory is a file that lies in memory.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// Thumb makes a small picture of an attached one and hands it to done.
func (c *Conversation) Thumb(p Pending, side int, done func(image.Image)) {
	call(c.work, func(ctx context.Context) (*image.RGBA, error) {
		return c.pictures.Decode(ctx, p.open, side, side)
	}, func(img *image.RGBA, err error) {
		if err == nil && !c.closed {
			done(img)
		}
	})
}

// Import is a file that is being taken in: sealed once, as it will be sent.
type Import struct {
	ID          int
	Name        string
	Done, Total int64
}

// files are those that are about to be sent.
//
// Owner of every field: the window's goroutine.
type files struct {
	pending []Pending
	hidden  bool // pictures go with what they tell besides the picture
	queue   []fileOut
	now     Import // the first of queue
	cancel  context.CancelFunc
	next    int // ID
}

// fileOut is a message with a file that waits for its turn.
type fileOut struct {
	Pending
	text    string
	answers app.MessageID
	hidden  bool
}

// close lets go of what was not handed over. A file that is being taken in still is.
func (f *files) close() { f.pending = nil }

// Attached returns the files that go with the next message.
func (c *Conversation) Attached() []Pending { return c.files.pending }

// HiddenData reports whether pictures go with their hidden data.
func (c *Conversation) HiddenData() bool { return c.files.hidden }

// SetHiddenData chooses that for the files that are attached now.
func (c *Conversation) SetHiddenData(on bool) {
	c.files.hidden = on
	c.composerChanged()
}

// Imports returns the files that are being taken in or wait for that.
func (c *Conversation) Imports() []Import {
	var out []Import
	for i, f := range c.files.queue {
		imp := Import{ID: f.ID, Name: f.Name, Total: f.Size}
		if i == 0 {
			imp = c.files.now
		}
		out = append(out, imp)
	}
	return out
}

// Attach puts files of the disk into the composer.
func (c *Conversation) Attach(paths ...string) {
	if c.Block() != BlockNone {
		return
	}
	call(c.work, func(context.Context) ([]Pending, error) {
		var found []Pending
		var failed error
		for _, path := range paths {
			p, err := look(path)
			if err != nil {
				failed = err
				continue
			}
			found = append(found, p)
		}
		return found, failed
	}, func(found []Pending, err error) {
		if c.closed {
			return
		}
		c.attach(found...)
		if err != nil {
			c.fail(err)
		}
	})
}

// look finds out what a path of the disk is. Only a file that can be read is taken.
func look(path string) (p Pending, err error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return p, app.ErrFileUnreadable
	}
	if info.Size() > app.MaxFileSize {
		return p, app.ErrFileTooLarge
	}
	f, err := os.Open(path)
	if err != nil {
		return p, app.ErrFileUnreadable
	}
	defer f.Close() // opened to be sure that it can be; nothing was written
	return Pending{
		Name: filepath.Base(path), Size: info.Size(), Picture: namesPicture(path), Tells: tells(path),
		open: func() (io.ReadSeekCloser, error) { return os.Open(path) },
	}, nil
}

// namesPicture reports whether a name is that of a picture. What the file is, the
// messenger finds out by its content.
func namesPicture(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, strings.ToLower(filepath.Ext(name)))
}

// tells reports whether a name is that of a file that may say how, where and by whom it
// was made, of a kind that Tacit sends as it is.
func tells(name string) bool {
	return slices.Contains([]string{
		".heic", ".heif", ".avif", ".tif", ".tiff", ".dng", ".mov", ".mp4", ".m4a", ".mp3",
		".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp",
	}, strings.ToLower(filepath.Ext(name)))
}

// PastePicture attaches what read finds on the clipboard. Where that is nothing, nothing
// happens: the person sees that.
func (c *Conversation) PastePicture(read func(context.Context) ([]byte, error)) {
	call(c.work, read, func(data []byte, err error) {
		if err == nil && !c.closed {
			name := lang.T("attach.pasted")
			if _, kind, ok := strings.Cut(picture.Sniff(data), "/"); ok {
				name += "." + kind
			}
			c.AttachPicture(name, data)
		}
	})
}

// AttachPicture puts a picture into the composer that lies in memory, as a clipboard has it.
func (c *Conversation) AttachPicture(name string, data []byte) {
	if c.Block() == BlockNone {
		p := inMemoryFile(name, data)
		p.Picture = true
		c.attach(p)
	}
}

func inMemoryFile(name string, data []byte) Pending {
	return Pending{
		Name: name, Size: int64(len(data)),
		open: func() (io.ReadSeekCloser, error) { return inMemory{bytes.NewReader(data)}, nil },
	}
}

func (c *Conversation) attach(found ...Pending) {
	if c.compose.edits != nil {
		c.Cancel() // the text of a message is edited, never its file
	}
	f := &c.files
	for _, p := range found {
		if len(f.pending) == maxAttached {
			c.fail(app.ErrBusy)
			return
		}
		f.next++
		p.ID = f.next
		f.pending = append(f.pending, p)
	}
	c.err = nil
	c.composerChanged()
}

// Detach takes a file out of the composer.
func (c *Conversation) Detach(id int) {
	c.files.pending = slices.DeleteFunc(c.files.pending, func(p Pending) bool { return p.ID == id })
	c.err = nil
	c.composerChanged()
}

// sendFiles hands the attached files over, each as a message; the text goes with the first.
func (c *Conversation) sendFiles(text string) bool {
	f := &c.files
	first := fileOut{text: text}
	if a := c.compose.answers; a != nil {
		first.answers = a.ID
	}
	idle := len(f.queue) == 0
	for _, p := range f.pending {
		out := fileOut{Pending: p, text: first.text, answers: first.answers, hidden: f.hidden}
		first = fileOut{}
		f.queue = append(f.queue, out)
	}
	f.pending, f.hidden = nil, false
	c.handedOver()
	if idle {
		c.importNext()
	}
	c.composerChanged()
	return true
}

// importNext takes in the first file of the queue. One is under way at a time; text that
// is typed meanwhile goes past it.
func (c *Conversation) importNext() {
	f := &c.files
	if len(f.queue) == 0 {
		return
	}
	next := f.queue[0]
	f.now = Import{ID: next.ID, Name: next.Name, Total: next.Size}
	ctx, cancel := context.WithCancel(c.work.ctx)
	f.cancel = cancel
	file := &app.Attachment{
		Name: next.Name, Size: next.Size, KeepMetadata: next.hidden,
		Open:     func() (io.ReadCloser, error) { return next.open() },
		Progress: func(done, total int64) { c.work.post(func() { c.imported(next.ID, done, total) }) },
	}
	call(c.work, func(context.Context) (app.Message, error) {
		return c.m.Post(ctx, c.id, app.Outgoing{Text: next.text, ReplyTo: next.answers, File: file})()
	}, func(m app.Message, err error) {
		cancel()
		c.importEnded(m, err)
	})
}

// imported follows the file that is being taken in.
func (c *Conversation) imported(id int, done, total int64) {
	now := &c.files.now
	if now.ID == id && done > now.Done {
		now.Done, now.Total = done, total
		c.composerChanged()
	}
}

// importEnded goes on to the next file. One that could not be taken in stands in the
// composer again with its text, unless the person gave it up.
func (c *Conversation) importEnded(m app.Message, err error) {
	f := &c.files
	was := f.queue[0]
	f.queue = f.queue[1:]
	defer c.importNext()
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil:
		c.giveBack(was, err)
	case !c.closed:
		c.added(m)
		c.ToNewest()
	}
	c.composerChanged()
}

func (c *Conversation) giveBack(was fileOut, err error) {
	if was.text != "" {
		whole := strings.TrimSuffix(was.text+"\n"+c.Draft(), "\n")
		c.drafts.Set(c.id, whole)
		if !c.closed && c.compose.edits == nil {
			c.OnRestore(whole)
		}
	}
	if c.closed {
		return
	}
	c.files.pending = append(c.files.pending, was.Pending)
	c.fail(err)
}

// CancelImport gives up a file that is being taken in or waits for that.
func (c *Conversation) CancelImport(id int) {
	f := &c.files
	if len(f.queue) > 0 && f.queue[0].ID == id {
		f.cancel()
		return
	}
	f.queue = slices.DeleteFunc(f.queue, func(o fileOut) bool { return o.ID == id })
	c.composerChanged()
}
