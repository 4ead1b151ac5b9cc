package chat

import (
	"errors"

	"tacit/app"
	"tacit/ui/widget"
)

// savable reports whether the file of a message can be written to the disk.
func savable(m app.Message) bool {
	if m.File == nil || m.Deleted {
		return false
	}
	gone := m.File.State == app.FileCancelled || m.File.State == app.FileFailed
	return m.File.State == app.FileDone || m.Own && !gone
}

// stoppable reports whether the file of a message is still on its way.
func stoppable(m app.Message) bool {
	if m.File == nil || m.Deleted {
		return false
	}
	switch m.File.State {
	case app.FileWaiting, app.FileMoving, app.FilePaused:
		return true
	}
	return false
}

// file does what a click on a file asks for. Nothing is ever opened.
func (v *ConversationView) file(id int64, action widget.ThreadFileAction) {
	m, ok := v.c.Find(app.MessageID(id))
	if !ok || m.File == nil {
		return
	}
	switch action {
	case widget.FileFetch, widget.FileResume:
		v.c.FetchFile(m.ID)
	case widget.FilePause:
		v.c.PauseFile(m.ID)
	case widget.FileExport:
		v.save(m)
	}
}

// save writes the file of a message to where the person chooses.
func (v *ConversationView) save(m app.Message) {
	v.OnSave(m.File.Name, func(path string) {
		v.c.ExportFile(m.ID, path, func(err error) {
			if err != nil {
				v.c.fail(notSaved(err))
				return
			}
			v.OnSaved(path)
		})
	})
}

// What is said of a file that could not be saved: the sentences about messages would say
// what is not so.
var (
	errNotSaved = errors.New("the file could not be saved")
	errNoRoom   = errors.New("there is no room for the file")
)

// notSaved is the error of saving a file as it is put into words.
func notSaved(err error) error {
	switch {
	case errors.Is(err, app.ErrFileExists), errors.Is(err, app.ErrFileNotHere), errors.Is(err, app.ErrClosed):
		return err
	case errors.Is(err, app.ErrDiskFull):
		return errNoRoom
	}
	return errNotSaved
}
