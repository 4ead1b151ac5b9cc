package pairing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"rsc.io/qr"

	"tacit/app"
	"tacit/identity"
)

// cardShape finds a card in what was pasted: people copy the sentence around it too.
var cardShape = regexp.MustCompile(`(?i)TACIT[0-9]{1,3}:[A-Z2-7]+`)

// findCard returns the card in a text, or the trimmed text where there is none, for the
// messenger to refuse.
func findCard(text string) string {
	if len(text) > maxCardText {
		return ""
	}
	if card := cardShape.FindString(text); card != "" {
		return strings.ToUpper(card)
	}
	return strings.TrimSpace(text)
}

// NamedFile returns the path of the file that a text names: a file manager copies a file as
// its URI or its path.
func NamedFile(text string) (path string, ok bool) {
	text = strings.TrimSpace(text)
	if len(text) > maxCardText || strings.ContainsAny(text, "\r\n") {
		return "", false
	}
	if u, err := url.Parse(text); err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") {
		return filepath.FromSlash(u.Path), true
	}
	return text, filepath.IsAbs(text)
}

// accept opens a card and puts a name to "already your contact".
func accept(ctx context.Context, m Messenger, text string, scanned bool) (app.PairingID, error) {
	card := findCard(text)
	id, err := m.AcceptCard(ctx, card, scanned)
	if !errors.Is(err, app.ErrCardKnown) {
		return id, err
	}
	parsed, parseErr := identity.ParseCard(card)
	contacts, listErr := m.Contacts(ctx)
	if parseErr != nil || listErr != nil {
		return id, err
	}
	for _, c := range contacts {
		if c.Fingerprint == parsed.Fingerprint {
			return id, KnownError{c}
		}
	}
	return id, err
}

// PNG draws a card as a picture file, black on white with its quiet zone.
func PNG(card string) ([]byte, error) {
	code, err := qr.Encode(card, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw the card: %w", err)
	}
	return code.PNG(), nil
}
