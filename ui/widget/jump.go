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

// SendButton sends what was written; it looks and is disabled while that is nothing.
type SendButton struct {
	press
	OnTapped func()
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

// CreateRenderer implements fyne.Widget.
func (b *SendButton) CreateRenderer() fyne.WidgetRenderer {
	return newRoundButton(&b.press, theme.IconSend, theme.SendButtonSize, func() roundLook {
		p := theme.Current()
		if b.disabled {
			return roundLook{fill: p.List, ink: p.Ink3}
		}
		look := roundLook{fill: p.Accent, ink: p.OnAccent}
		if b.hot() {
			look.fill = p.Press(look.fill)
		}
		return look
	})
}
