package notify

import (
	"strings"
	"unicode"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/widget/text"
)

// note puts what waits in a chat into words.
func (m *Machine) note(id app.ContactID, c *chat) Note {
	n := Note{Chat: id, Title: lang.T("app.name"), Body: countWord(len(c.waiting))}
	if m.rules.Show == ShowNothing {
		return n
	}
	n.Says = true
	n.Title = clean(text.Shorten(c.name, maxName))
	if m.rules.Show == ShowText {
		if s := textWord(c.waiting[len(c.waiting)-1]); s != "" {
			n.Body = s
		}
	}
	return n
}

// countWord says how many messages there are.
func countWord(n int) string {
	if n >= maxWaiting {
		return lang.Plain(lang.T("notify.many", "n", maxWaiting-1))
	}
	return lang.Plain(lang.N("notify.new", n))
}

// textWord is what a message says, on one line; "" where it is not to be shown. One that
// vanishes is never given to another program, which may keep what it was shown.
func textWord(m app.Message) string {
	switch {
	case m.Timer != 0 || m.Unknown:
		return ""
	case m.Text != "":
		return line(m.Text)
	case m.File == nil:
		return ""
	case strings.HasPrefix(m.File.Type, "image/"):
		return lang.T("file.picture")
	case m.File.Type == "audio/ogg" && m.File.Name == "voice.ogg": // as package chat names them
		return lang.T("voice.note")
	}
	return line(m.File.Name)
}

// line is the beginning of a text on one line.
func line(s string) string {
	const most = 16 * maxText // bytes; letters may be long
	if len(s) > most {
		s = s[:most]
	}
	return text.Shorten(strings.Join(strings.Fields(clean(s)), " "), maxText)
}

// clean takes out what no server of notes needs: signs that control, among them those that
// turn the direction of what follows them, and bytes that are no text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r == '\u200c' || r == '\u200d': // they join and part letters
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
