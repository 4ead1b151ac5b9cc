package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"tacit/app"
	"tacit/ui"
	"tacit/ui/cmd/internal/xvfb"
	"tacit/ui/lang"
	"tacit/ui/settings"
	"tacit/ui/theme"
)

// Sizes of the window, in pixels.
const (
	windowWidth  = 1080
	windowHeight = 720
)

// stage is the window and the world that it shows.
type stage struct {
	*hand
	world   *world
	place   *place
	sound   *sound
	out     string        // folder of this language
	mode    theme.Mode    // of the next picture
	replay  bool          // what is shown says which palette it is: it is played for each
	now     *person       // whose profile is open, or about to be
	other   *person       // with whom it is pairing, or nil
	meeting app.PairingID // on the other's side
}

// takePictures opens the window and goes through the scenes. It must run on the main
// goroutine, which is Fyne's.
func takePictures(o options, language string) error {
	moveZone()
	screen, err := xvfb.Open(o.screen)
	if err != nil {
		return err
	}
	defer screen.Close()
	w := newWorld(casts[language])
	s := &stage{world: w, sound: &sound{}, place: newPlace(w), out: filepath.Join(o.out, language)}
	a := fyneapp.New()
	started := make(chan struct{})
	win := ui.New(a, s.place, ui.Options{
		Size:    fyne.NewSize(windowWidth, windowHeight),
		Started: func() { close(started) },
		Speech:  &speech{language},
		Build:   settings.Build{Version: o.version},
		Sound:   s.sound,
		Cameras: newCameras(w.cast.camera),
		Desktop: startDesktop,
		Starter: starter{},
	})
	s.hand = &hand{app: a, win: a.Driver().AllWindows()[0], screen: screen}
	ended := make(chan error, 1)
	go func() {
		<-started
		err := s.world.fill()
		if err == nil {
			err = s.play(o)
		}
		ended <- err
		if s.world.me == nil || s.bring(list) != nil { // only an open profile knows the key
			s.on(a.Quit)
			return
		}
		_ = s.shortcut(ctrl, fyne.KeyQ)
	}()
	win.Run()
	select {
	case err := <-ended:
		return err
	default:
		return errors.New("the window was closed")
	}
}

// tooMany scenes that failed end the run.
const tooMany = 15

// play goes through the scenes. One that fails is named, and the others go on.
func (s *stage) play(o options) error {
	var failed []error
	for _, sc := range scenes {
		if !o.only.MatchString(sc.name) {
			continue
		}
		if err := s.show(sc); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", sc.name, err))
			if len(failed) == tooMany {
				break // it is not the scenes
			}
		}
	}
	return errors.Join(failed...)
}

// palettes are the themes of the pictures, by their folder.
var palettes = []theme.Mode{theme.ModeLight, theme.ModeDark}

// show brings the window to a scene's base, plays it, and takes a picture in each palette.
func (s *stage) show(sc scene) error {
	s.replay = false
	for i, mode := range palettes {
		s.mode = mode
		s.on(func() {
			theme.SetMode(mode)
			theme.Apply(s.app)
		})
		if i == 0 || s.replay {
			if err := s.bring(sc.from); err != nil {
				return fmt.Errorf("begin: %w", err)
			}
			if err := sc.play(s); err != nil {
				return err
			}
		}
		img, err := s.picture()
		if err != nil {
			return err
		}
		if err := save(filepath.Join(s.out, string(mode), sc.name+".png"), img); err != nil {
			return err
		}
	}
	return nil
}

// look is the value of the setting that keeps how the window looks: still, in the palette
// of the picture, and with text of this many percent.
func (s *stage) look(percent int) []byte {
	return fmt.Appendf(nil, `{"mode":%q,"size":%d,"still":true}`, s.mode, percent)
}

// settle makes the first profile where there is none yet, so that there is something to lock.
func (s *stage) settle() error {
	if len(s.place.List()) > 0 {
		return nil
	}
	return inTurn(fillFirst, taps("start.create"), func(s *stage) error { return s.see(lang.T("list.empty_button")) })(s)
}

// bring leads to a base, whatever was open: the profile is locked and opened anew.
func (s *stage) bring(to base) error {
	if to == asItWas {
		return nil
	}
	if err := s.settle(); err != nil {
		return err
	}
	if s.other != nil && s.other.Messenger != nil {
		s.other.stop()
	}
	s.now = s.world.me
	if to == fresh {
		s.now = s.world.comes(s.world.cast.me)
		if err := s.now.start(); err != nil {
			return err
		}
	}
	s.sound.unplugged.Store(false)
	s.place.put(1, s.now, "")
	s.place.put(2, nil, "")
	if err := s.lock(); err != nil {
		return err
	}
	if err := s.dress(s.look(100)); err != nil {
		return err
	}
	if to == locked {
		return nil
	}
	if err := s.unlock(); err != nil {
		return err
	}
	switch to {
	case talking:
		return s.tap(s.world.cast.names[friend])
	case fresh:
		return s.see(lang.T("tour.skip"))
	}
	return nil
}

// dress sets how the window will look when it is unlocked, at its usual size; the tour was
// seen where there is something to see beside it.
func (s *stage) dress(appearance []byte) error {
	ctx := context.Background()
	kept := map[string][]byte{"ui.appearance": appearance, "ui.window": nil}
	if s.now == s.world.me {
		kept["ui.tour"] = []byte("seen")
		c := s.world.chats[friend]
		if err := errors.Join(s.now.SetDraft(ctx, c, ""), s.now.SetPosition(ctx, c, 0)); err != nil {
			return err
		}
	}
	for key, value := range kept {
		if err := s.now.SetSetting(ctx, key, value); err != nil {
			return err
		}
	}
	return nil
}

// lock closes the profile, if one is open, with whatever lies over it.
func (s *stage) lock() error {
	s.on(func() {
		o := s.win.Canvas().Overlays()
		for top := o.Top(); top != nil; top = o.Top() {
			o.Remove(top)
		}
		s.win.Resize(fyne.NewSize(windowWidth, windowHeight))
	})
	if s.sees(lang.T("profile.back")) { // another profile is about to be made
		if err := s.tap(lang.T("profile.back")); err != nil {
			return err
		}
	}
	if err := s.shortcut(ctrl, fyne.KeyL); err != nil {
		return err
	}
	if err := s.see(lang.T("unlock.primary")); err != nil {
		return err
	}
	s.place.open.Wait()
	return nil
}

// unlock types the passphrase.
func (s *stage) unlock() error {
	return inTurn(
		writes(func(c *cast) string { return c.secret }), taps("unlock.primary"),
		func(s *stage) error { return s.see(lang.T("word.add")) },
	)(s)
}
