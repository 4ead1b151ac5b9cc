package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/widget"
)

// onMessage goes to a line of the conversation with my friend, counted from 1.
func onMessage(n int) step {
	return func(s *stage) error { return s.message(lines - n) }
}

// menuOfMessage opens the menu of a line of the conversation with my friend, counted from 1.
func menuOfMessage(n int) step { return menuOfLast(lines - n) }

// menuOfLast opens the menu of a message of the open chat, so many before the last.
func menuOfLast(before int) step {
	return func(s *stage) error {
		if err := s.message(before); err != nil {
			return err
		}
		return s.keys(desktop.KeyMenu)
	}
}

// openPart presses what can be pressed in a line: a link, a picture.
func openPart(n int) step {
	return inTurn(onMessage(n), func(s *stage) error { return s.keys(forward(), fyne.KeyReturn) })
}

// forward is the key that leads to the first part of a message.
func forward() fyne.KeyName {
	if lang.RTL() {
		return fyne.KeyLeft
	}
	return fyne.KeyRight
}

func quickReactions(s *stage) error {
	return inTurn(onMessage(12), func(s *stage) error { return s.shortcut(ctrl, fyne.KeyE) })(s)
}

func allReactions(s *stage) error {
	f := forward()
	return inTurn(quickReactions, func(s *stage) error { return s.keys(f, f, f, f, f, f, fyne.KeyReturn) })(s)
}

// scrollList shows the end of the list of chats.
func scrollList(s *stage) error {
	return s.until("the list", func() bool {
		o := s.find(func(o fyne.CanvasObject) bool {
			_, ok := o.(*widget.ChatList)
			return ok
		})
		if o == nil {
			return false
		}
		o.(*widget.ChatList).Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -4000)})
		return s.find(func(o fyne.CanvasObject) bool { return says(o) == lang.T("list.archived") }) != nil
	})
}

// scrollsDetails shows the end of the details.
func scrollsDetails(s *stage) error { return s.scrollEnd(lang.T("details.safety")) }

// tapsTimer presses the timer of a chat where messages disappear: its word says how soon.
func tapsTimer(s *stage) error {
	before, _, _ := strings.Cut(lang.T("timer.hint"), "{")
	return s.press("the timer", 0, func(o fyne.CanvasObject) bool { return strings.HasPrefix(says(o), before) })
}

// searchHere searches in the open chat.
func searchHere(s *stage) error {
	return inTurn(
		func(s *stage) error { return s.shortcut(ctrl|fyne.KeyModifierShift, fyne.KeyF) },
		func(s *stage) error { return s.see(lang.T("find.close")) },
		writes(func(c *cast) string { return c.query }),
	)(s)
}

// writeTooMuch fills the composer with more than a message holds.
func writeTooMuch(s *stage) error {
	text := strings.Repeat(s.world.cast.said[2]+" ", 1+app.MaxTextBytes/len(s.world.cast.said[2]))
	return s.paste(text)
}

// attachPicture chooses a picture to send, and writes words to it.
func attachPicture(s *stage) error {
	path := filepath.Join(os.Getenv("HOME"), "Pictures", s.world.cast.picture)
	return inTurn(
		taps("word.attach"),
		func(s *stage) error { return s.enter(lang.T("files.path")) },
		func(s *stage) error { return s.paste(path) },
		taps("files.open"),
		func(s *stage) error { return s.see(lang.T("attach.remove")) },
		writes(func(c *cast) string { return c.said[3] }),
	)(s)
}

// records has a voice note recorded, until the one who speaks stops.
func records(s *stage) error {
	return inTurn(taps("voice.record"), func(s *stage) error { return s.see(lang.T("voice.discard")) })(s)
}

// rests waits until nothing changes on the screen.
func rests(s *stage) error {
	_, err := s.picture()
	return err
}

// lingers waits for what is loaded after it is asked for, of which nothing tells.
func lingers(s *stage) error {
	time.Sleep(2 * time.Second)
	return rests(s)
}

// leavesAndComes goes to another chat and back: what was recorded waits.
func leavesAndComes(s *stage) error { return inTurn(opens(away), opens(friend))(s) }

// unplugs takes the microphone away.
func unplugs(s *stage) error {
	s.sound.unplugged.Store(true)
	return nil
}

// plays begins to play the voice note.
func plays(s *stage) error { return openPart(lines - 1)(s) }
