package chat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tacit/app"
	"tacit/ui/widget"
)

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAttachSendsSeveralFilesAsSeveralMessages(t *testing.T) {
	p := openPane(t, 5)
	p.Answer(p.Item(1).ID)
	p.Attach(writeFile(t, "a.pdf", "one"), writeFile(t, "b.PNG", "two"))
	p.settle()
	got := p.Attached()
	if len(got) != 2 || got[0].Name != "a.pdf" || got[0].Size != 3 || got[0].Picture || !got[1].Picture {
		t.Fatalf("attached %+v", got)
	}
	p.SetHiddenData(true)
	if !p.Send("look at these") || len(p.Attached()) != 0 || p.HiddenData() {
		t.Error("not handed over, or still there")
	}
	p.settle()
	n := p.Len()
	first, second := p.Item(n-2), p.Item(n-1)
	if first.File.Name != "a.pdf" || first.Text != "look at these" || first.ReplyTo != p.Item(1).ID {
		t.Errorf("the first is %+v", first)
	}
	if second.File.Name != "b.PNG" || second.Text != "" || second.Replies {
		t.Errorf("the second is %+v", second)
	}
	if !slices.Equal(p.fake.kept, []bool{true, true}) {
		t.Errorf("hidden data was kept: %v", p.fake.kept)
	}
	p.Attach(writeFile(t, "c.jpg", "three"))
	p.settle()
	p.Send("")
	p.settle()
	if p.fake.kept[2] {
		t.Error("a choice for some pictures holds for the next")
	}
}

func TestAttachRefuses(t *testing.T) {
	p := openPane(t, 5)
	huge := writeFile(t, "huge", "")
	if err := os.Truncate(huge, app.MaxFileSize+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		t.TempDir():               app.ErrFileUnreadable,
		"/nothing/of/this/name":   app.ErrFileUnreadable,
		os.DevNull:                app.ErrFileUnreadable,
		huge:                      app.ErrFileTooLarge,
		writeFile(t, "fine", "x"): nil,
	} {
		p.Attach(path)
		p.settle()
		if !errors.Is(p.Err(), want) {
			t.Errorf("%s: %v, want %v", path, p.Err(), want)
		}
	}
	if len(p.Attached()) != 1 {
		t.Errorf("attached %+v", p.Attached())
	}
	p.Detach(p.Attached()[0].ID)
	if len(p.Attached()) != 0 || p.Send("") {
		t.Error("a file that was taken out was sent")
	}
	p.chat.Contact.Blocked = true
	p.Attach(writeFile(t, "late", "x"))
	p.settle()
	if len(p.Attached()) != 0 {
		t.Error("a file for somebody who is blocked")
	}
}

func TestAttachIsBounded(t *testing.T) {
	p := openPane(t, 5)
	path := writeFile(t, "a", "x")
	p.Attach(slices.Repeat([]string{path}, maxAttached+5)...)
	p.settle()
	if len(p.Attached()) != maxAttached || p.Err() == nil {
		t.Errorf("%d are attached, error %v", len(p.Attached()), p.Err())
	}
}

// TestAttachTextGoesPastAFile: a file that takes long holds up no text; giving it up
// sends the rest.
func TestAttachTextGoesPastAFile(t *testing.T) {
	p := openPane(t, 5)
	p.fake.slow = make(chan struct{})
	p.Attach(writeFile(t, "slow", "12345"), writeFile(t, "next", "x"))
	p.settle()
	p.Send("with it")
	p.Send("past it")
	p.until(t, func() bool { return p.Item(p.Len()-1).Text == "past it" && p.Imports()[0].Done == 5 })
	imports := p.Imports()
	if len(imports) != 2 || imports[0].Total != 5 || imports[1].Done != 0 {
		t.Errorf("under way: %+v", imports)
	}
	p.CancelImport(imports[0].ID)
	p.until(t, func() bool { return len(p.Imports()) == 1 })
	if p.Err() != nil || len(p.Attached()) != 0 || p.restored == "with it" {
		t.Errorf("what was given up came back: %v, %q", p.Err(), p.restored)
	}
	close(p.fake.slow)
	p.settle()
	if f := p.Item(p.Len() - 1).File; f == nil || f.Name != "next" || len(p.Imports()) != 0 {
		t.Errorf("the last message has %+v", f)
	}
}

// until runs what is posted until something holds.
func (p *talk) until(t *testing.T, holds func() bool) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < 30*time.Second; runtime.Gosched() {
		p.runPosted()
		if holds() {
			return
		}
	}
	t.Fatal("it never came to that")
}

func TestAttachGivesBackWhatFailed(t *testing.T) {
	p := openPane(t, 5)
	p.Attach(writeFile(t, "a", "x"))
	p.settle()
	p.fake.sendErr = app.ErrDiskFull
	p.Send("with words")
	p.settle()
	if len(p.Attached()) != 1 || p.restored != "with words" || !errors.Is(p.Err(), app.ErrDiskFull) || p.Draft() != "with words" {
		t.Errorf("attached %+v, %q, %v", p.Attached(), p.restored, p.Err())
	}
	gone := writeFile(t, "gone", "x")
	p.fake.sendErr = nil
	p.Detach(p.Attached()[0].ID)
	p.Attach(gone)
	p.settle()
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	p.Send("")
	p.settle()
	if !errors.Is(p.Err(), app.ErrFileUnreadable) {
		t.Errorf("a file that is gone: %v", p.Err())
	}
}

func TestAttachPictureFromMemory(t *testing.T) {
	p := openPane(t, 5)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 200, 100))); err != nil {
		t.Fatal(err)
	}
	p.AttachPicture("pasted.png", b.Bytes())
	var thumb image.Image
	p.Thumb(p.Attached()[0], 20, func(img image.Image) { thumb = img })
	p.settle()
	if thumb == nil || thumb.Bounds().Dx() != 40 {
		t.Errorf("the small picture is %v", thumb)
	}
	p.Send("")
	p.settle()
	if f := p.Item(p.Len() - 1).File; f == nil || f.Size != int64(b.Len()) {
		t.Errorf("sent %+v", f)
	}
}

func TestAttachPastedPicture(t *testing.T) {
	p := openPane(t, 5)
	p.PastePicture(func(context.Context) ([]byte, error) { return nil, errors.New("nothing there") })
	p.settle()
	if len(p.Attached()) != 0 || p.Err() != nil {
		t.Errorf("attached %+v, error %v", p.Attached(), p.Err())
	}
	p.PastePicture(func(context.Context) ([]byte, error) { return []byte("\x89PNG\r\n\x1a\n and so on"), nil })
	p.settle()
	if got := p.Attached(); len(got) != 1 || got[0].Name != "Pasted picture.png" {
		t.Errorf("attached %+v", got)
	}
}

// TestAttachWhileEditing: files go with new messages only.
func TestAttachWhileEditing(t *testing.T) {
	p := openPane(t, 4)
	p.BeginEdit(p.Item(3).ID)
	p.Attach(writeFile(t, "a", "x"))
	p.settle()
	if _, on := p.Editing(); on || len(p.Attached()) != 1 {
		t.Error("a message is edited with a file attached")
	}
}

func TestFileWords(t *testing.T) {
	f := func(state app.FileState, done int64) app.File {
		return app.File{Name: "a", Size: 1_000_000, State: state, Done: done}
	}
	full := f(app.FilePaused, 0)
	full.Reason = app.ReasonDiskFull
	altered := f(app.FileFailed, 0)
	altered.Reason = app.ReasonAltered
	for _, c := range []struct {
		file app.File
		own  bool
		rate int64
		want string
	}{
		{f(app.FileDone, 0), false, 0, "1.0 MB"},
		{f(app.FileWaiting, 0), true, 0, "not fetched yet"},
		{f(app.FileWaiting, 0), false, 0, "comes when both are reachable"},
		{f(app.FileMoving, 410_000), false, 0, "41% of 1.0 MB"},
		{f(app.FileMoving, 400_000), false, 10_000, "40% of 1.0 MB · 10 kB a second · 60 seconds left"},
		{f(app.FilePaused, 500_000), false, 0, "paused at 50%"},
		{full, false, 0, "The disk is full"},
		{altered, false, 0, "not what was promised"},
		{f(app.FileFailed, 0), false, 0, "no longer on"},
		{f(app.FileCancelled, 0), false, 0, "cancelled"},
		{app.File{State: app.FileMoving}, false, 0, "0% of 0 bytes"},
	} {
		if got := plain(fileDetail(c.file, c.own, c.rate)); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.file, got, c.want)
		}
	}
}

// TestFileAsked: a file that waits for the person's word is fetched, one that was paused
// goes on.
func TestFileAsked(t *testing.T) {
	asked := app.File{State: app.FilePaused, Reason: app.ReasonAsk}
	if got := fileAction(asked, false); got != widget.FileFetch {
		t.Errorf("asked: %v", got)
	}
	if got := fileAction(app.File{State: app.FilePaused, Done: 1}, false); got != widget.FileResume {
		t.Errorf("paused: %v", got)
	}
}
