// Package files is a card that finds a file to open, or a place to save one.
//
// The model Chooser knows nothing of Fyne. It belongs to the window's goroutine; what
// waits for the disk goes through a Run.
package files

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Run calls work away from the window's goroutine, and what work returns on it.
type Run func(work func(context.Context) (done func()))

// maxEntries bounds what a folder shows: nobody looks through more, and each is a row.
const maxEntries = 500

// Why a path is not taken.
var (
	ErrUnreadable = errors.New("the folder or file cannot be read")
	ErrExists     = errors.New("a file of this name exists")
)

// Entry is a row: a folder, or a file.
type Entry struct {
	Name   string
	Folder bool
}

// Chooser finds a file.
//
// Owner of every field: the window's goroutine.
type Chooser struct {
	OnChange func()            // something that is shown has changed
	OnChosen func(path string) // the file is found; called once

	Saving  bool
	Any     bool    // files of any kind are shown, not pictures alone
	Dir     string  // the folder that is shown
	Entries []Entry // folders first
	Err     error

	typed string
	run   Run
	turn  int // counts folders; the outcome of an overtaken one is dropped
	done  bool
}

// NewOpen returns a chooser of a picture, in the folder dir.
func NewOpen(dir string, run Run) *Chooser { return newChooser(dir, "", run) }

// NewOpenAny returns a chooser of a file of any kind, in the folder dir.
func NewOpenAny(dir string, run Run) *Chooser {
	c := newChooser(dir, "", run)
	c.Any = true
	return c
}

// NewSave returns a chooser of a place for a file called name, in the folder dir.
func NewSave(dir, name string, run Run) *Chooser {
	c := newChooser(dir, name, run)
	c.Saving = true
	return c
}

func newChooser(dir, name string, run Run) *Chooser {
	return &Chooser{
		OnChange: func() {}, OnChosen: func(string) {},
		Dir: dir, typed: filepath.Join(dir, name), run: run,
	}
}

// Start shows the first folder.
func (c *Chooser) Start() { c.enter(c.Dir) }

// Path is what stands in the field.
func (c *Chooser) Path() string { return c.typed }

// Type takes what is typed there.
func (c *Chooser) Type(path string) {
	if path != c.typed {
		c.typed, c.Err = path, nil
		c.OnChange()
	}
}

// Pick takes a row: it opens a folder, and chooses a picture.
func (c *Chooser) Pick(e Entry) {
	path := filepath.Join(c.Dir, e.Name)
	switch {
	case e.Folder && c.Saving:
		c.typed = filepath.Join(path, filepath.Base(c.typed))
		c.enter(path)
	case e.Folder:
		c.typed = path
		c.enter(path)
	default:
		c.typed = path
		c.Submit()
	}
}

// Up opens the folder around the one that is shown.
func (c *Chooser) Up() { c.Pick(Entry{Name: "..", Folder: true}) }

// Submit takes the path in the field: it opens a folder, and chooses a file.
func (c *Chooser) Submit() {
	path := strings.TrimPrefix(strings.TrimSpace(c.typed), "file://")
	if path == "" || c.done {
		return
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.Dir, path)
	}
	c.run(func(context.Context) func() {
		info, err := os.Stat(path)
		return func() { c.found(path, info, err) }
	})
}

func (c *Chooser) found(path string, info fs.FileInfo, err error) {
	switch {
	case c.done:
		return
	case err == nil && info.IsDir():
		c.enter(path)
		return
	case c.Saving && err == nil:
		c.Err = ErrExists
	case c.Saving && errors.Is(err, fs.ErrNotExist), !c.Saving && err == nil:
		c.done = true
		c.OnChosen(path)
		return
	default:
		c.Err = ErrUnreadable
	}
	c.OnChange()
}

func (c *Chooser) enter(dir string) {
	c.turn++
	turn, show := c.turn, c.shows
	c.run(func(context.Context) func() {
		entries, err := list(dir, show)
		return func() {
			if turn != c.turn || c.done {
				return
			}
			if c.Err = nil; err != nil {
				c.Err = ErrUnreadable
			} else {
				c.Dir, c.Entries = dir, entries
			}
			c.OnChange()
		}
	})
}

// shows reports whether a file stands among the rows.
func (c *Chooser) shows(name string) bool { return !c.Saving && (c.Any || isPicture(name)) }

// list returns what a folder shows: no hidden files, and of the others those that show
// admits.
func list(dir string, show func(name string) bool) ([]Entry, error) {
	all, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, e := range all {
		entry := Entry{e.Name(), e.IsDir()}
		if strings.HasPrefix(entry.Name, ".") || !entry.Folder && !show(entry.Name) {
			continue
		}
		entries = append(entries, entry)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return entries[:min(len(entries), maxEntries)], nil
}

func isPicture(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif":
		return true
	}
	return false
}

// Pictures is the folder in which a search begins: the person's pictures, or what is
// nearest to it.
func Pictures() string {
	return inHome("Pictures")
}

// Documents is the folder in which a search for any file begins.
func Documents() string { return inHome("Documents") }

// Downloads is the folder in which files are saved at first.
func Downloads() string { return inHome("Downloads") }

// inHome is a folder of the person's home, or home itself where there is none.
func inHome(name string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		return string(filepath.Separator)
	}
	if dir := filepath.Join(home, name); isFolder(dir) {
		return dir
	}
	return home
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
