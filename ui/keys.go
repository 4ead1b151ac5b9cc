package ui

import (
	"runtime"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"tacit/app"
	"tacit/ui/chat"
	"tacit/ui/lang"
	"tacit/ui/settings"
)

// command is the modifier of the system: Ctrl, and on macOS the command key.
const command = fyne.KeyModifierShortcutDefault

// shortcut is a key of the window. The sheet of all keys is made from the same table.
type shortcut struct {
	group    string // key of its heading
	key      fyne.KeyName
	modifier fyne.KeyModifier
	word     string // key of what it does; empty: not on the sheet
	panes    bool   // only while the panes are what the person sees
	do       func(*Window, *session)
}

// shortcuts are the keys of the window while a profile is open.
func shortcuts() []shortcut {
	all := []shortcut{
		{"keys.window", fyne.KeyN, command, "keys.add", false, func(_ *Window, s *session) { s.openCard() }},
		{"keys.window", fyne.KeyF, command, "keys.search", true, func(_ *Window, s *session) { s.focusSearch() }},
		{"keys.window", fyne.KeyComma, command, "keys.settings", false, func(_ *Window, s *session) { s.openSettings(0) }},
		{"keys.window", fyne.KeySlash, command, "keys.sheet", false, func(_ *Window, s *session) { s.showKeys() }},
		{"keys.window", fyne.KeyL, command, "keys.lock", false, func(w *Window, _ *session) { w.lock(nil) }},
		{"keys.window", fyne.KeyL, command | fyne.KeyModifierShift, "keys.panic", false, func(w *Window, _ *session) { w.hide() }},
		{"keys.window", fyne.KeyQ, command, "keys.quit", false, func(w *Window, _ *session) { w.quit() }},
		{"keys.chats", fyne.KeyDown, fyne.KeyModifierAlt, "keys.next", true, func(_ *Window, s *session) { s.step(1) }},
		{"keys.chats", fyne.KeyUp, fyne.KeyModifierAlt, "keys.previous", true, func(_ *Window, s *session) { s.step(-1) }},
		{"keys.message", fyne.KeyF, command | fyne.KeyModifierShift, "keys.search_chat", true, func(_ *Window, s *session) { s.searchChat() }},
		{"keys.message", fyne.KeyI, command, "keys.details", true, func(_ *Window, s *session) { s.toggleDetails() }},
	}
	for i := range 9 {
		key := fyne.KeyName(strconv.Itoa(i + 1))
		all = append(all, shortcut{"keys.chats", key, command, "", true, func(_ *Window, s *session) { s.openNth(i) }})
	}
	return all
}

// keys sets the shortcuts of the window. A focused editor passes on those that it does
// not know.
func (w *Window) keys() {
	c := w.win.Canvas()
	for _, k := range shortcuts() {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: k.modifier}, func(fyne.Shortcut) {
			if s := w.session; s != nil && (!k.panes || s.free()) {
				k.do(w, s)
			}
		})
	}
	c.AddShortcut(&fyne.ShortcutPaste{}, func(fyne.Shortcut) {
		if w.session != nil {
			w.session.paste()
		}
	})
	c.SetOnTypedKey(w.typedKey)
}

// typedKey takes a key that nothing focused had a use for. Escape closes what is on top.
func (w *Window) typedKey(e *fyne.KeyEvent) {
	if k, ok := w.win.Canvas().Overlays().Top().(interface{ TypedKey(*fyne.KeyEvent) }); ok {
		k.TypedKey(e)
		return
	}
	if w.top != nil {
		w.top.TypedKey(e)
		return
	}
	if e.Name == fyne.KeyEscape && w.session != nil {
		w.session.back()
	}
}

// keyGroups is the sheet of all keys: those of the window, and those that belong to what
// has the keyboard.
func keyGroups() []settings.KeyGroup {
	var groups []settings.KeyGroup
	for _, title := range []string{"keys.window", "keys.chats", "keys.message"} {
		g := settings.KeyGroup{Title: lang.T(title)}
		for _, k := range shortcuts() {
			if k.group == title && k.word != "" {
				g.Keys = append(g.Keys, settings.Key{Press: pressWords(k.modifier, keyWord(k.key)), Does: lang.T(k.word)})
			}
		}
		groups = append(groups, g)
	}
	add := func(group int, press, does string) {
		groups[group].Keys = append(groups[group].Keys, settings.Key{Press: press, Does: does})
	}
	add(0, lang.T("keys.escape"), lang.T("keys.close"))
	add(1, pressWords(command, "1")+" – "+pressWords(command, "9"), lang.T("keys.nth"))
	add(2, lang.T("keys.enter"), lang.T("keys.send"))
	add(2, pressWords(fyne.KeyModifierShift, lang.T("keys.enter")), lang.T("keys.break"))
	add(2, lang.T("keys.up"), lang.T("keys.edit_last"))
	add(2, pressWords(command, "R"), lang.T("keys.reply"))
	add(2, pressWords(command, "E"), lang.T("keys.react"))
	add(2, lang.T("keys.left")+", "+lang.T("keys.right"), lang.T("keys.parts"))
	add(2, pressWords(command, lang.T("keys.left"))+", "+lang.T("keys.right"), lang.T("keys.skip"))
	add(2, lang.T("keys.page_up")+", "+lang.T("keys.page_down"), lang.T("keys.pages"))
	return groups
}

// panicKeys are the keys that lock in a hurry, in words.
func panicKeys() string { return pressWords(command|fyne.KeyModifierShift, "L") }

// pressWords writes keys that are held together: "Ctrl+Shift+L", on macOS "⇧⌘L".
func pressWords(m fyne.KeyModifier, key string) string {
	mac := runtime.GOOS == "darwin"
	var parts []string
	for _, h := range []struct {
		modifier  fyne.KeyModifier
		word, mac string
	}{
		{fyne.KeyModifierControl, lang.T("keys.ctrl"), "⌃"},
		{fyne.KeyModifierAlt, lang.T("keys.alt"), "⌥"},
		{fyne.KeyModifierShift, lang.T("keys.shift"), "⇧"},
		{fyne.KeyModifierSuper, "", "⌘"},
	} {
		switch {
		case m&h.modifier == 0:
		case mac:
			parts = append(parts, h.mac)
		default:
			parts = append(parts, h.word)
		}
	}
	if mac {
		return strings.Join(parts, "") + key
	}
	return strings.Join(append(parts, key), lang.T("keys.plus"))
}

// keyWord is what stands on a key.
func keyWord(k fyne.KeyName) string {
	switch k {
	case fyne.KeyUp:
		return lang.T("keys.up")
	case fyne.KeyDown:
		return lang.T("keys.down")
	}
	return string(k)
}

// chatsInOrder are the contacts of the list, from its top.
func (s *session) chatsInOrder() []app.ContactID {
	var all []app.ContactID
	for _, r := range s.chats.model.Rows() {
		if r.Kind == chat.RowChat {
			all = append(all, r.Chat.Contact.ID)
		}
	}
	return all
}

// step opens the chat below or above the one that is open.
func (s *session) step(by int) {
	all := s.chatsInOrder()
	at := -1
	for i, id := range all {
		if id == s.chats.model.Selected() {
			at = i
		}
	}
	switch {
	case at < 0 && by < 0:
		at = len(all) - 1
	default:
		at += by
	}
	s.openAt(all, at)
}

func (s *session) openNth(n int) { s.openAt(s.chatsInOrder(), n) }

func (s *session) openAt(all []app.ContactID, i int) {
	if i >= 0 && i < len(all) {
		s.open(all[i])
	}
}

// free reports whether the panes are what the person sees: no card, no settings.
func (s *session) free() bool {
	return s.settings == nil && s.w.win.Canvas().Overlays().Top() == nil
}
