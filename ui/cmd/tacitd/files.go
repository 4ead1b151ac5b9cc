package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tacit/app"
)

// attachment names a file to be sent. It is opened later, and must be a plain one: a pipe
// or a device might have no end.
func attachment(path string) (*app.Attachment, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, app.ErrFileUnreadable
	}
	return &app.Attachment{
		Name: filepath.Base(path),
		Size: info.Size(),
		Open: func() (io.ReadCloser, error) {
			f, err := os.Open(path)
			if err != nil {
				return nil, fmt.Errorf("open the file to send: %w", app.ErrFileUnreadable)
			}
			return f, nil
		},
	}, nil
}

// fileExport writes the file of a message to a path, of which it makes no folder.
func (s *server) fileExport(ctx context.Context, raw json.RawMessage) (any, error) {
	var p struct {
		Message number `json:"message"`
		Path    string `json:"path"`
	}
	if err := decode(raw, &p); err != nil {
		return nil, err
	}
	if p.Path == "" {
		return nil, invalidParams("path is missing: the name that the file is to have, with its folder.")
	}
	err := s.core.ExportFile(ctx, app.MessageID(p.Message), p.Path)
	if errors.Is(err, app.ErrNotFound) {
		err = fmt.Errorf("%w: %w", errNoFolder, err)
	}
	return done(err)
}

// onFile is a method about the file of one message.
func onFile(f func(*app.Messenger, context.Context, app.MessageID) error) method {
	return func(s *server, ctx context.Context, raw json.RawMessage) (any, error) {
		var p struct {
			Message number `json:"message"`
		}
		if err := decode(raw, &p); err != nil {
			return nil, err
		}
		return done(f(s.core, ctx, app.MessageID(p.Message)))
	}
}
