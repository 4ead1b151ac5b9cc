package settings

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"tacit/app"
)

// Why a text is no address of a node; beside them stand the errors of package app.
var (
	ErrNoAddressInPicture = errors.New("no address in the picture")
	ErrCardNotNode        = errors.New("the card of a person")
	ErrManyMailboxes      = errors.New("no room for a further mailbox")
)

var (
	// addressShape finds an address in what was pasted: people copy the line around it too.
	addressShape = regexp.MustCompile(`(?i)TACITNODE[0-9]{1,3}:[A-Z2-7]+`)
	// cardShape tells who gave a person's card in place of an address.
	cardShape = regexp.MustCompile(`(?i)TACIT[0-9]{1,3}:[A-Z2-7]+`)
)

// maxAddressText bounds what is taken from the clipboard or a field: the longest address
// has some 140 characters.
const maxAddressText = 4096

// FindAddress returns the address of a node in a text, or the trimmed text where there is
// none, for the messenger to refuse.
func FindAddress(text string) string {
	if len(text) > maxAddressText {
		return ""
	}
	if address := addressShape.FindString(text); address != "" {
		return strings.ToUpper(address)
	}
	return strings.TrimSpace(text)
}

// AddMailbox is the card that adds a node.
//
// Owner of every field: the window's goroutine.
type AddMailbox struct {
	OnChange func()
	OnAdded  func(app.Node)
	Reading  bool // a picture is read, or the address is being added
	Err      error

	text   string
	m      Mailboxes
	run    Run
	read   func(ctx context.Context, path string) (text string, err error)
	named  func(text string) (path string, ok bool)
	closed bool
}

// NewAddMailbox returns an empty card. read finds the text of the QR code in a picture
// file; named tells of a text that it names a file.
func NewAddMailbox(m Mailboxes, run Run, read func(context.Context, string) (string, error), named func(string) (string, bool)) *AddMailbox {
	return &AddMailbox{OnChange: func() {}, OnAdded: func(app.Node) {}, m: m, run: run, read: read, named: named}
}

// Text is what stands in the field.
func (a *AddMailbox) Text() string { return a.text }

// Edit takes what is typed.
func (a *AddMailbox) Edit(text string) {
	if text != a.text {
		a.text, a.Err = text, nil
		a.OnChange()
	}
}

// May reports whether there is something to add.
func (a *AddMailbox) May() bool { return strings.TrimSpace(a.text) != "" && !a.Reading }

// Paste takes an address as text, or as the picture file that a text names.
func (a *AddMailbox) Paste(text string) {
	if path, ok := a.named(text); ok {
		a.ReadPicture(path)
		return
	}
	a.Edit(strings.Join(strings.Fields(FindAddress(text)), " "))
	a.Add()
}

// ReadPicture takes an address as a picture file.
func (a *AddMailbox) ReadPicture(path string) {
	a.take(func(ctx context.Context) (string, error) {
		text, err := a.read(ctx, path)
		if err == nil && !addressShape.MatchString(text) && !cardShape.MatchString(text) {
			err = ErrNoAddressInPicture
		}
		return text, err
	})
}

// Add adds what stands in the field.
func (a *AddMailbox) Add() {
	if text := a.text; a.May() {
		a.take(func(context.Context) (string, error) { return text, nil })
	}
}

func (a *AddMailbox) take(from func(context.Context) (string, error)) {
	if a.Reading {
		return
	}
	a.Reading, a.Err = true, nil
	a.OnChange()
	a.run(func(ctx context.Context) func() {
		var node app.Node
		text, err := from(ctx)
		if err == nil {
			address := FindAddress(text)
			if cardShape.MatchString(address) && !addressShape.MatchString(address) {
				err = ErrCardNotNode
			} else {
				node, err = addNode(ctx, a.m, address)
			}
		}
		return func() {
			a.Reading, a.Err = false, err
			if err == nil && !a.closed {
				a.OnAdded(node)
			}
			a.OnChange()
		}
	})
}

// addNode adds the node at an address. There cannot be any number of them.
func addNode(ctx context.Context, m Mailboxes, address string) (app.Node, error) {
	n, err := m.AddNode(ctx, address)
	if errors.Is(err, app.ErrBusy) {
		err = ErrManyMailboxes
	}
	return n, err
}

// Close ends the card: what was added meanwhile stays, and nothing is told any more.
func (a *AddMailbox) Close() { a.closed = true }
