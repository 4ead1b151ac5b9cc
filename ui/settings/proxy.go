package settings

import (
	"errors"
	"strings"

	"tacit/app"
)

// Proxy is the field for the address of a SOCKS5 proxy. What is stored is that of Privacy.
//
// Owner of every field: the window's goroutine.
type Proxy struct {
	OnChange func()

	privacy *Privacy
	typed   string
	edited  bool // typed counts, not what is stored
}

// NewProxy returns the field; what is stored of it is p's.
func NewProxy(p *Privacy) *Proxy { return &Proxy{OnChange: func() {}, privacy: p} }

// Text is what stands in the field: what is stored, until it is edited.
func (p *Proxy) Text() string {
	if p.edited = p.edited && p.privacy.stored.Proxy != strings.TrimSpace(p.typed); p.edited {
		return p.typed
	}
	return p.privacy.stored.Proxy
}

// Edit takes what is typed.
func (p *Proxy) Edit(text string) {
	if text == p.Text() {
		return
	}
	p.typed, p.privacy.Err = text, nil
	p.edited = strings.TrimSpace(text) != p.privacy.stored.Proxy
	p.OnChange()
}

// Changed reports whether there is something to save.
func (p *Proxy) Changed() bool {
	return p.privacy.Ready && strings.TrimSpace(p.Text()) != p.privacy.Chosen().Proxy
}

// Save stores the address; an empty one ends the proxy.
func (p *Proxy) Save() {
	if p.Changed() {
		p.privacy.Change(func(c *app.Preferences) { c.Proxy = strings.TrimSpace(p.typed) })
	}
}

// Err is why the address was not taken.
func (p *Proxy) Err() error {
	if errors.Is(p.privacy.Err, app.ErrProxyAddress) {
		return p.privacy.Err
	}
	return nil
}
