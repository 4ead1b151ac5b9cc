package ui

import "tacit/ui/theme"

// panes is what the person has opened; arrange finds room for it.
type panes struct {
	chat    bool // a conversation is open
	details bool // its details are
}

// span is a pane's place from the start edge.
type span struct {
	x, width float32
	shown    bool
}

// arrangement is where each pane stands in a window of a width.
type arrangement struct {
	list, thread, details span
	one                   bool // one pane: it has a way back
	over                  bool // details lie over the thread
}

// arrange follows the table of widths: three panes from 1080, details over the thread
// from 720, one pane below.
func (p panes) arrange(width float32) arrangement {
	if width < theme.OnePane {
		whole := span{0, width, true}
		switch {
		case p.chat && p.details:
			return arrangement{details: whole, one: true}
		case p.chat:
			return arrangement{thread: whole, one: true}
		}
		return arrangement{list: whole, one: true}
	}
	list := theme.ListColumn(width)
	a := arrangement{
		list:   span{0, list, true},
		thread: span{list, width - list, true},
	}
	if !p.chat || !p.details {
		return a
	}
	a.details = span{width - theme.DetailsWidth, theme.DetailsWidth, true}
	if a.thread.width >= theme.ThreePanes-theme.ListWidth { // a list that large text made wider leaves less
		a.thread.width -= theme.DetailsWidth
	} else {
		a.over = true
	}
	return a
}

// back is what Esc and the arrow do: it closes the innermost that can be closed at this
// width, and reports whether it closed anything.
func (p *panes) back(width float32) bool {
	switch {
	case p.details:
		p.details = false
		return true
	case p.chat && width < theme.OnePane:
		p.chat = false
		return true
	}
	return false
}
