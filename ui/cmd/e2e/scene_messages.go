package main

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"

	"tacit/ui/theme"
)

// What the two say in these scenes. Amina's window is dark by now and Claire's light, so
// that each card and menu is seen in both.
const (
	evening  = "Until tonight then"
	mended   = evening + ", at eight"
	slip     = "A slip of the finger"
	address  = "https://agenda.example.org/2026/11"
	frontage = "The front page"
)

// answerAndReact answers a message, puts emoji to it and changes the answer.
func answerAndReact(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.enterComposer() },
		func() error { return a.menu(conversation[len(conversation)-1].seen) },
		func() error { return a.shoot("message-menu-dark") },
		func() error { return a.press("Reply") },
		func() error { return a.sees("Answer to " + c.name) },
		func() error { return a.write(evening) },
		func() error { return a.shoot("reply-dark") },
		func() error { return a.keys("Return") },
		func() error { return c.sees(evening) },

		func() error { return c.menu(evening) },
		func() error {
			return a.changes("a reaction", func() error { return c.keys("Up", "Right", "Return") })
		},
		func() error { return c.shoot("reaction") },

		func() error { return a.enterComposer() },
		func() error { return a.keys("Up") },
		func() error { return a.sees("Change the message") },
		func() error { return a.write(mended[len(evening):]) },
		func() error { return a.shoot("edit-dark") },
		func() error { return a.keys("Return") },
		func() error { return c.sees(mended, "edited") },
		func() error { return c.menu(mended) },
		func() error { return c.press("Message details") },
		func() error {
			return c.sees("Earlier texts", evening, "Who could know?", "Someone listening on the network")
		},
		func() error { return c.shoot("message-details-edited") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
	)
}

// takeBack deletes a message for both, and asks whom to forward another to.
func takeBack(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.enterComposer() },
		func() error { return exchange(a.window, c.window, line{text: slip}) },
		func() error { return a.menu(slip) },
		func() error { return a.press("Delete…") },
		func() error { return a.sees("Delete for both", "Delete on this computer", "Cancel") },
		func() error { return a.shoot("delete-dark") },
		func() error { return a.press("Delete for both") },
		func() error { return c.sees(a.name + " deleted this message.") },
		func() error { return a.sees("You deleted this message.") },
		func() error { return c.lacks(slip) },
		func() error { return c.shoot("deleted") },

		func() error { return a.menu(mended) },
		func() error { return a.press("Forward…") },
		func() error { return a.sees("Forward to", s.youssef.name) },
		func() error { return a.shoot("forward-dark") },
		func() error { return a.changes("Escape", func() error { return a.keys("Escape") }) },
	)
}

// followLink looks at where a link leads, and does not go there.
func followLink(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.enterComposer() },
		func() error { return exchange(a.window, c.window, line{text: address}) },
		func() error { return c.press(address) },
		func() error { return c.sees("Open this link?", "agenda.example.org", "Open in the browser") },
		func() error { return c.shoot("link") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
	)
}

// sendPicture pastes a picture and sends it; the other looks at it.
func sendPicture(s *stage) error {
	a, c := s.amina, s.claire
	return inOrder(
		func() error { return a.enterComposer() },
		func() error { return s.copyPicture(frontPage()) },
		func() error { return a.keys("ctrl+v") },
		func() error { return a.sees("Pasted picture.png", "Send with its hidden data") },
		func() error { return a.changes("writing", func() error { return a.write(frontage) }) },
		func() error { return a.shoot("attachment-dark") },
		func() error { return a.keys("Return") },
		func() error { return c.sees(frontage) },
		func() error { return a.shows(frontage, tick) },
		func() error { return c.shoot("picture") },
		func() error {
			at, err := c.see(frontage)
			if err != nil {
				return err
			}
			return c.changes("the viewer", func() error { return c.click(at.Min.X+60, at.Min.Y-80) })
		},
		func() error { return c.shoot("picture-viewer") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
	)
}

// sendFile chooses a file of the disk and sends it; the other saves it, whole.
func sendFile(s *stage) error {
	a, c := s.amina, s.claire
	path, saved := filepath.Join(s.dir, "minutes.bin"), filepath.Join(s.dir, "saved.bin")
	content := make([]byte, 5_000_000)
	for i := range content {
		content[i] = byte(i * i >> 8)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	return inOrder(
		func() error {
			return a.changes("attaching", func() error { return a.click(int(theme.ListWidth)+42, -38) })
		},
		func() error { return a.sees("Choose a file") },
		func() error { return a.keys("ctrl+a") },
		func() error { return a.write(path) },
		func() error { return a.keys("Return") },
		func() error { return a.sees("minutes.bin", "5.0 MB") },
		func() error { return a.keys("Return") },
		func() error { return c.sees("minutes.bin", "5.0 MB") },
		func() error { return c.shoot("file") },
		func() error { return c.menu("minutes.bin") },
		func() error { return c.press("Save as…") },
		func() error { return c.keys("ctrl+a") },
		func() error { return c.write(saved) },
		func() error { return c.keys("Return") },
		func() error {
			return await(patience, "the file to be saved", func() bool {
				got, err := os.ReadFile(saved)
				return err == nil && string(got) == string(content)
			})
		},
	)
}

// setTimer has messages disappear, and stay again.
func setTimer(s *stage) error {
	a, c := s.amina, s.claire
	choose := func(words string) func() error {
		return func() error {
			if err := a.changes("the timer", func() error { return a.click(-70, 28) }); err != nil {
				return err
			}
			return a.press(words)
		}
	}
	return inOrder(
		func() error { return a.changes("the timer", func() error { return a.click(-70, 28) }) },
		func() error { return a.sees("Off", "30 seconds", "4 weeks", "Other time…") },
		func() error { return a.shoot("timer-menu-dark") },
		func() error { return a.press("1 hour") },
		func() error { return a.sees("messages stay 1 hour") },
		func() error { return c.sees(a.name + " set messages to disappear 1 hour after they are read.") },
		func() error { return c.shoot("timer") },
		choose("Off"),
		func() error { return c.sees(a.name + " turned disappearing messages off.") },
	)
}

// searchHere looks for a word in one chat.
func searchHere(s *stage) error {
	c := s.claire
	return inOrder(
		func() error { return c.changes("Ctrl+Shift+F", func() error { return c.keys("ctrl+shift+f") }) },
		func() error { return c.write("eight") },
		func() error { return c.sees("1 of 1") },
		func() error { return c.shoot("search-here") },
		func() error { return c.changes("Escape", func() error { return c.keys("Escape") }) },
		func() error { return c.lacks("1 of 1") },
		func() error { return c.enterComposer() },
	)
}

// markChats pins, mutes and archives a chat, and takes all of it back.
func markChats(s *stage) error {
	c := s.claire
	mark := func(words string) func() error {
		return func() error {
			if err := c.menuAt(150, firstRow); err != nil {
				return err
			}
			return c.press(words)
		}
	}
	return inOrder(
		func() error { return c.menuAt(150, firstRow) },
		func() error { return c.sees("Mark as unread", "Pin", "Mute", "Archive", "Hide") },
		func() error { return c.shoot("list-menu") },
		func() error { return c.press("Pin") },
		mark("Mute"),
		func() error { return c.shoot("list-marks") },
		mark("Archive"),
		func() error { return c.sees("Archived", "1 conversation") },
		func() error { return c.shoot("list-archive") },
		func() error { return c.press("Archived") },
		func() error { return c.sees("All conversations") },
		func() error { return c.menuAt(150, firstRow+int(theme.RowHeight())) },
		func() error { return c.press("Move out of the archive") },
		func() error { return c.press("All conversations") },
		mark("Unpin"), mark("Unmute"),
		func() error { return c.enterComposer() },
	)
}

// firstRow is the middle of the first row of the list.
const firstRow = 134

// menuAt presses the other button of the mouse on a point.
func (w *window) menuAt(x, y int) error {
	return w.changes("a menu", func() error {
		if err := w.focus(); err != nil {
			return err
		}
		err := w.stage.screen.tool("mousemove", "--sync", fmt.Sprint(w.area.Min.X+x), fmt.Sprint(w.area.Min.Y+y),
			"sleep", "0.05", "click", "3")
		if err != nil {
			return err
		}
		return w.park()
	})
}

// frontPage is a picture to send: bands of several colours.
func frontPage() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 640, 420))
	for y := range 420 {
		for x := range 640 {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 255 / 640), uint8(y * 255 / 420), uint8(120 + 60*(x/80%2)), 255})
		}
	}
	return img
}

// copyPicture puts a picture on the clipboard.
func (s *stage) copyPicture(img *image.RGBA) error {
	path := filepath.Join(s.dir, "copied.png")
	if err := savePNG(path, img); err != nil {
		return err
	}
	cmd := exec.Command("xclip", "-selection", "clipboard", "-t", "image/png", "-in", path)
	cmd.Env = s.screen.env()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("set the clipboard: %w", err)
	}
	return nil
}
