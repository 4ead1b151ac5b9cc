package main

import (
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
