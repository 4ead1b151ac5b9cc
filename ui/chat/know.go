package chat

import (
	"fyne.io/fyne/v2"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget"
	"tacit/ui/widget/layout"
)

// A knower is somebody on the path of a message, and what they could see of it.
type knower struct {
	icon theme.IconName
	who  string
	what string
}

// knowers lists who could know of a message, by the path that it took: the sentences are
// those of docs/security.md.
func knowers(m app.Message, name string) []knower {
	here := knower{theme.IconLock, lang.T("know.here"), lang.T("know.here_what")}
	contact := func(what string) knower { return knower{theme.IconPerson, shown(name), what} }
	switch {
	case pathOf(m) == app.PathLAN:
		return []knower{here, contact(lang.T("know.contact_what")), {theme.IconEye, lang.T("know.lan"), listenerWord(m)}}
	case pathOf(m) == app.PathDirect:
		return []knower{
			here, contact(lang.T("know.contact_what")),
			{theme.IconNetwork, lang.T("know.introducer"), lang.T("know.introducer_what")},
			{theme.IconEye, lang.T("know.internet"), listenerWord(m)},
		}
	case pathOf(m) == app.PathRelay:
		return []knower{
			here, contact(lang.T("know.contact_relay_what")),
			{theme.IconNetwork, lang.T("know.relay"), lang.T("know.relay_what")},
			{theme.IconEye, lang.T("know.internet"), lang.T("know.node_line_what")},
		}
	case m.Own && m.State == app.StateHeld:
		return []knower{here, theirNode(m, name), nodeLine()}
	case pathOf(m) == app.PathMailbox && m.Own:
		return []knower{here, contact(lang.T("know.contact_mailbox_what")), theirNode(m, name), nodeLine()}
	case pathOf(m) == app.PathMailbox:
		return []knower{
			here, contact(lang.T("know.contact_mailbox_what")),
			{theme.IconHeld, lang.T("know.own_node"), ownNodeWord(m)}, nodeLine(),
		}
	case m.Own && m.State == app.StateQueued:
		return []knower{here}
	}
	return []knower{here, contact(lang.T("know.contact_what"))}
}

func theirNode(m app.Message, name string) knower {
	what := lang.T("know.their_node_what")
	if m.File != nil {
		what = lang.T("know.their_node_file_what")
	}
	return knower{theme.IconHeld, lang.T("know.their_node", "name", shown(name)), what}
}

// ownNodeWord is what the own mailbox sees: of a small file about its length as well.
func ownNodeWord(m app.Message) string {
	if m.File != nil {
		return lang.T("know.own_node_file_what")
	}
	return lang.T("know.own_node_what")
}

func nodeLine() knower {
	return knower{theme.IconEye, lang.T("know.internet"), lang.T("know.node_line_what")}
}

// listenerWord is what is seen by who listens between two computers that speak straight.
func listenerWord(m app.Message) string {
	if m.File != nil {
		return lang.T("know.lan_file_what")
	}
	return lang.T("know.lan_what")
}

// pathOf is the path of a message as far as it got: one that a mailbox holds took that way.
func pathOf(m app.Message) app.Path {
	if m.Own && m.State == app.StateHeld {
		return app.PathMailbox
	}
	return m.Path
}

// pathWord names the path of a message.
func pathWord(m app.Message, name string) string {
	switch {
	case m.Own && m.State == app.StateHeld && m.File != nil:
		return lang.T("know.path_held_file", "name", shown(name))
	case m.Own && m.State == app.StateHeld:
		return lang.T("know.path_held", "name", shown(name))
	case m.Path != app.PathNone:
		return lang.T("know.path_" + string(m.Path))
	case m.Own && m.State == app.StateQueued:
		return lang.T("know.path_waits")
	}
	return lang.T("know.path_unknown")
}

// knowSection answers the question who could know of a message.
func knowSection(c *card, m app.Message, name string) {
	if m.Notice != app.NoticeNone {
		return
	}
	c.section(lang.T("know.title"), pathWord(m, name), "")
	for _, k := range knowers(m, name) {
		c.Add(theme.Space12, layout.NewRow().AlignTop().
			Add(0, widget.NewEmblem(k.icon, theme.IconAction, widget.InkSecond)).
			AddGrow(theme.Space12, knowLine(k)))
	}
}

func knowLine(k knower) fyne.CanvasObject {
	return layout.NewColumn(1).
		Add(0, widget.NewLabel(k.who, &theme.UIBold, widget.InkMain)).
		Add(theme.Space2, widget.NewLabel(k.what, &theme.Small, widget.InkSecond))
}
