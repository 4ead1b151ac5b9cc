package pairing

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"rsc.io/qr"

	"tacit/app"
	"tacit/identity"
)

// still is a frame of a camera: the code of a text somewhere in a grey room.
func still(t *testing.T, text string, module int) *image.YCbCr {
	t.Helper()
	img := image.NewYCbCr(image.Rect(0, 0, 640, 480), image.YCbCrSubsampleRatio422)
	for i := range img.Y {
		img.Y[i] = 110
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
	}
	if text == "" {
		return img
	}
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side := (c.Size + 8) * module
	for y := range side {
		for x := range side {
			img.Y[img.YOffset(x+90, y+60)] = 235
			if c.Black(x/module-4, y/module-4) {
				img.Y[img.YOffset(x+90, y+60)] = 20
			}
		}
	}
	return img
}

// lens is a camera that shows frames, the last one again and again, eight a second.
type lens struct {
	list    []CameraInfo
	listErr error
	openErr error
	frames  []*image.YCbCr
	goneAt  int // it vanishes before this frame; 0: it never does

	mu     sync.Mutex
	opened []string
	on     int // guarded by mu: cameras that were opened and not closed
}

func (l *lens) List() ([]CameraInfo, error) { return l.list, l.listErr }

func (l *lens) Open(_ context.Context, id string) (Camera, error) {
	if l.openErr != nil {
		return nil, l.openErr
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.opened = append(l.opened, id)
	l.on++
	return &eye{l: l}, nil
}

func (l *lens) lit() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.on
}

type eye struct {
	l *lens
	n int
}

func (e *eye) Next(ctx context.Context) (*image.YCbCr, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(time.Second / 8):
	}
	e.n++
	if e.l.goneAt > 0 && e.n >= e.l.goneAt {
		return nil, ErrCameraGone
	}
	return e.l.frames[min(e.n, len(e.l.frames))-1], nil
}

func (e *eye) Close() error {
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	e.l.on--
	return nil
}

var two = []CameraInfo{{ID: "video0", Name: "Built in"}, {ID: "video2", Name: "On a cable"}}

// stage is a card whose work runs on goroutines, as in the window, which is the
// goroutine of the test.
type stage struct {
	*Add
	f      *fake
	posted chan func()
}

func onStage(t *testing.T, l Cameras) *stage {
	t.Helper()
	s := &stage{f: &fake{t: t, now: time.Now()}, posted: make(chan func(), 100)}
	post := func(f func()) { s.posted <- f }
	ctx := t.Context()
	s.Add = NewAdd(s.f, func(work func(context.Context) func()) {
		go func() { post(work(ctx)) }()
	}, func() time.Time { return s.f.now })
	s.UseCameras(l, post)
	s.Start()
	s.turn(time.Millisecond)
	s.Show(StepTheirs)
	s.turn(time.Millisecond)
	return s
}

// turn lets the window go on for a while.
func (s *stage) turn(d time.Duration) {
	end := time.After(d)
	for {
		select {
		case f := <-s.posted:
			f()
		case <-end:
			synctest.Wait()
			return
		}
	}
}

// end closes the card and lets its goroutines end.
func (s *stage) end() {
	s.Close()
	s.turn(time.Second)
}

// shownCard is a card as somebody's screen shows it, and one that was made to be sent.
func shownCard(shown bool) string {
	return identity.NewCard(identity.Fingerprint{1}, time.Hour, shown, time.Now()).String()
}

func TestCardReadByACamera(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, shown := range []bool{true, false} {
			card := shownCard(shown)
			l := &lens{list: two, frames: []*image.YCbCr{still(t, "", 0), still(t, card, 6)}}
			s := onStage(t, l)
			s.f.mayScan = true
			var marked bool
			s.Scanner.OnSight = func() { marked = marked || s.Scanner.Sight.Marked }
			if l.lit() != 0 {
				t.Error("the camera is on before it was asked for")
			}
			s.Scanner.Start()
			s.turn(2 * time.Second)
			if !slices.Equal(s.f.accepted, []string{card}) || !slices.Equal(s.f.scanned, []bool{shown}) {
				t.Errorf("accepted %q, as scanned %v; the card says that it is shown: %t", s.f.accepted, s.f.scanned, shown)
			}
			s.Event(app.PairingChanged{Pairing: app.Pairing{ID: "theirs", Phase: app.PhaseChecked, PeerName: "Claire", Show: "482913"}})
			if s.Step != StepChecked || s.ByCamera != shown {
				t.Errorf("step %d, by camera %t", s.Step, s.ByCamera)
			}
			if !marked {
				t.Error("the code was not marked")
			}
			if l.lit() != 0 || s.Scanner.On {
				t.Errorf("step %d, %d cameras on", s.Step, l.lit())
			}
			s.end()
		}
	})
}

func TestOtherCodesAreNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lens{list: two, frames: []*image.YCbCr{still(t, "HTTPS://EXAMPLE.ORG/", 8)}}
		s := onStage(t, l)
		s.Scanner.Start()
		s.turn(time.Second)
		if !s.Scanner.Other || !s.Scanner.On || s.Scanner.Sight.Picture == nil || len(s.f.accepted) > 0 {
			t.Errorf("other %t, on %t, accepted %q", s.Scanner.Other, s.Scanner.On, s.f.accepted)
		}
		s.end()
	})
}

func TestCameraVanishesWhileScanning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lens{list: two, frames: []*image.YCbCr{still(t, "", 0)}, goneAt: 6}
		s := onStage(t, l)
		s.Scanner.Start()
		s.turn(400 * time.Millisecond)
		if !s.Scanner.On || s.Scanner.Sight.Picture == nil {
			t.Fatal("it shows nothing")
		}
		l.list = two[:1]
		s.turn(time.Second)
		if s.Scanner.On || !errors.Is(s.Scanner.Err, ErrCameraGone) || l.lit() != 0 || s.Step != StepTheirs {
			t.Errorf("on %t, %d cameras, error %v", s.Scanner.On, l.lit(), s.Scanner.Err)
		}
		s.Paste(cardText) // the other ways stay
		s.turn(time.Millisecond)
		if len(s.f.accepted) != 1 {
			t.Error("a link is not taken any more")
		}
		s.end()
	})
}

func TestCameraThatCannotBeUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, err := range []error{ErrCameraBusy, ErrCameraForbidden, ErrCameraUnusable} {
			s := onStage(t, &lens{list: two, openErr: err})
			s.Scanner.Start()
			s.turn(time.Millisecond)
			if s.Scanner.On || !errors.Is(s.Scanner.Err, err) {
				t.Errorf("on %t, %v", s.Scanner.On, s.Scanner.Err)
			}
			s.end()
		}
		for _, c := range []struct {
			cameras Cameras
			want    error
		}{{nil, ErrCameraUnknown}, {&lens{}, ErrCameraNone}} {
			s := onStage(t, c.cameras)
			s.Scanner.Start()
			if s.Scanner.On || !errors.Is(s.Scanner.ListErr, c.want) {
				t.Errorf("on %t, %v, want %v", s.Scanner.On, s.Scanner.ListErr, c.want)
			}
			s.end()
		}
	})
}

func TestCameraIsPluggedIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lens{frames: []*image.YCbCr{still(t, "", 0)}}
		s := onStage(t, l)
		l.list = two[1:]
		s.Tick()
		s.turn(time.Millisecond)
		if s.Scanner.ListErr != nil || s.Scanner.Chosen != "video2" {
			t.Errorf("chosen %q, %v", s.Scanner.Chosen, s.Scanner.ListErr)
		}
		s.end()
	})
}

// TestCameraIsOffWhereNothingIsAsked: whatever leads away from their card switches the
// camera off.
func TestCameraIsOffWhereNothingIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, leave := range map[string]func(s *stage){
			"switched off":        func(s *stage) { s.Scanner.Stop() },
			"the other tab":       func(s *stage) { s.Show(StepMine) },
			"the card is closed":  func(s *stage) { s.Close() },
			"a link":              func(s *stage) { s.Paste(cardText) },
			"they read mine":      func(s *stage) { s.Event(app.PairingChanged{Pairing: codesOf("own1")}) },
			"while it is started": nil,
		} {
			l := &lens{list: two, frames: []*image.YCbCr{still(t, "", 0)}}
			s := onStage(t, l)
			s.Scanner.Start()
			if leave == nil {
				s.Close()
			} else {
				s.turn(400 * time.Millisecond)
				if l.lit() != 1 {
					t.Fatalf("%s: %d cameras on", name, l.lit())
				}
				leave(s)
			}
			s.turn(400 * time.Millisecond)
			if l.lit() != 0 || s.Scanner.On || s.Scanner.Sight.Picture != nil || s.Scanner.Err != nil {
				t.Errorf("%s: %d cameras on, %v", name, l.lit(), s.Scanner.Err)
			}
			s.end()
		}
	})
}

func TestSeveralCameras(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lens{list: two, frames: []*image.YCbCr{still(t, "", 0)}}
		s := onStage(t, l)
		s.Scanner.Start()
		s.turn(400 * time.Millisecond)
		s.Scanner.Next()
		s.turn(400 * time.Millisecond)
		if !slices.Equal(l.opened, []string{"video0", "video2"}) || l.lit() != 1 || s.Scanner.Name() != "On a cable" {
			t.Errorf("opened %q, %d on, %q", l.opened, l.lit(), s.Scanner.Name())
		}
		s.Scanner.Next()
		s.turn(400 * time.Millisecond)
		if s.Scanner.Name() != "Built in" {
			t.Errorf("after the last one: %q", s.Scanner.Name())
		}
		s.end()
	})
}

// TestSightIsAMirror: what is held to the left is seen on the left, and marked there.
func TestSightIsAMirror(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lens{list: two, frames: []*image.YCbCr{still(t, shownCard(true), 6)}}
		s := onStage(t, l)
		s.Scanner.Start()
		s.turn(400 * time.Millisecond)
		sight := s.Scanner.Sight
		if !sight.Marked {
			t.Fatal("nothing is marked")
		}
		// In the frame the plate begins at 90, 60, and its code four modules of six later.
		w := sight.Picture.Rect.Dx()
		want := image.Pt(w-(90+24)*w/640, (60+24)*w/640)
		if got := sight.Corners[0]; max(got.X-want.X, want.X-got.X, got.Y-want.Y, want.Y-got.Y) > 6 {
			t.Errorf("its first corner is marked at %v, want %v", got, want)
		}
		dark := sight.Picture.RGBAAt(want.X-4, want.Y+4)
		if dark.R > 60 {
			t.Errorf("the picture has %v there", dark)
		}
		s.end()
	})
}

func TestScanButton(t *testing.T) {
	test.NewTempApp(t)
	a, f := open(t)
	l := &lens{list: two, frames: []*image.YCbCr{still(t, "", 0)}}
	a.UseCameras(l, func(f func()) { f() })
	v := newTheirs(a, Actions{Sentence: errorText, Focus: func(fyne.Focusable) {}})
	a.OnChange = v.update
	a.Show(StepTheirs)
	if v.scan.sight.Visible() || v.scan.why.Visible() || v.scan.toggle.Disabled() {
		t.Error("with a camera that is off")
	}
	off := v.scan.toggle.Label()
	f.later = true // the camera does not come on meanwhile
	v.scan.press()
	if !a.Scanner.On || !v.scan.sight.Visible() || !v.scan.other.Visible() || v.zone.Visible() || v.ways.Visible() || v.scan.toggle.Label() == off {
		t.Error("with a camera that is on")
	}
	v.scan.press()
	if a.Scanner.On || v.scan.sight.Visible() || !v.zone.Visible() || !v.ways.Visible() || v.scan.toggle.Label() != off {
		t.Error("switched off again")
	}
	a.Scanner.looked(nil, nil)
	if !v.scan.toggle.Disabled() || !v.scan.why.Visible() || v.scan.why.Text() != ErrCameraNone.Error() {
		t.Errorf("without a camera it says %q", v.scan.why.Text())
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestOnlyACardOnAScreenIsScanned(t *testing.T) {
	for text, want := range map[string]bool{
		shownCard(true): true, shownCard(false): false, "TACIT1:AAAA": false, "": false, strings.Repeat("A", 500): false,
	} {
		if got := fromScreen(text); got != want {
			t.Errorf("%.20q: %t", text, got)
		}
	}
}
