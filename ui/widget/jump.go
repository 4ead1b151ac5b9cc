package widget

import (
	"fyne.io/fyne/v2"

	"tacit/ui/lang"
	"tacit/ui/theme"
)

// JumpButton goes to the newest message. The number of unread ones stands over its top.
type JumpButton struct {
	press
	OnTapped func()
	unread   int
}

// NewJumpButton returns the button.
func NewJumpButton(onTapped func()) *JumpButton {
	b := &JumpButton{OnTapped: onTapped}
	b.word = lang.T("word.jump")
	b.extend(b, func() {
		if b.OnTapped != nil {
			b.OnTapped()
		}
	})
	return b
}

// SetUnread shows how many messages below were not seen.
func (b *JumpButton) SetUnread(n int) {
	if b.unread != n {
		b.unread = n
		b.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *JumpButton) CreateRenderer() fyne.WidgetRenderer {
	return newRoundButton(&b.press, theme.IconDown, theme.JumpButtonSize, func() roundLook {
		p := theme.Current()
		return roundLook{fill: p.Surface, edge: p.Hairline, ink: p.Ink2, unread: b.unread}
	})
}

// SendFace is what a SendButton is for.
type SendFace int

const (
	SendText   SendFace = iota // what was written goes; disabled while that is nothing
	SendVoice                  // something is to be recorded
	SendSilent                 // nothing can be recorded: a press says why
)

// SendButton sends what was written, or begins to record where that is nothing.
type SendButton struct {
	press
	OnTapped func()
	face     SendFace
}

// NewSendButton returns the button.
func NewSendButton(onTapped func()) *SendButton {
	b := &SendButton{OnTapped: onTapped}
	b.word = lang.T("word.send")
	b.extend(b, func() {
		if b.OnTapped != nil {
			b.OnTapped()
		}
	})
	return b
}

// SetFace says what a press does from now on.
func (b *SendButton) SetFace(f SendFace) {
	if b.face == f {
		return
	}
	b.face = f
	b.hideWord()
	switch f {
	case SendVoice:
		b.word = lang.T("voice.record")
	case SendSilent:
		b.word = lang.T("voice.off")
	default:
		b.word = lang.T("word.send")
	}
	b.Refresh()
}

// Word returns what a press does, in a word.
func (b *SendButton) Word() string { return b.word }

// Face returns what a press does.
func (b *SendButton) Face() SendFace { return b.face }

// CreateRenderer implements fyne.Widget.
func (b *SendButton) CreateRenderer() fyne.WidgetRenderer {
	return newRoundButton(&b.press, theme.IconSend, theme.SendButtonSize, func() roundLook {
		p := theme.Current()
		look := roundLook{fill: p.Accent, ink: p.OnAccent}
		switch {
		case b.face == SendVoice:
			look = roundLook{fill: p.List, ink: p.Ink2, icon: theme.IconMic}
		case b.face == SendSilent:
			look = roundLook{fill: p.List, ink: p.Ink3, icon: theme.IconMicOff}
		case b.disabled:
			return roundLook{fill: p.List, ink: p.Ink3}
		}
		if b.hot() {
			look.fill = p.Press(look.fill)
		}
		return look
	})
}
