package widget

import (
	"strings"

	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/widget/markup"
	"tacit/ui/widget/text"
)

// layBody lays out the words of a message: what a person typed with its markdown and
// links, and sentences of ours as they are.
func (b *bubble) layBody(width float32) {
	s := b.item.Text
	if b.item.Deleted && s == "" {
		s = lang.T("thread.deleted")
	}
	b.bare = s == "" && b.file != nil
	if b.item.Deleted || b.item.Unknown {
		b.doc = markup.Text{Shown: s}
	} else {
		b.doc = markup.Parse(s)
	}
	o := text.Options{Width: width}
	for _, m := range b.item.Marks {
		if from, to := b.doc.Range(m.From, m.To); from < to {
			o.Spans = append(o.Spans, text.Span{From: from, To: to, Look: text.Marked})
		}
	}
	for _, span := range b.doc.Spans {
		if look := lookOf(span.Kind); look != 0 {
			o.Spans = append(o.Spans, text.Span{From: span.From, To: span.To, Look: look})
		}
		if span.Kind == markup.Block || span.Kind == markup.Quote {
			o.Panels = append(o.Panels, text.Panel{From: span.From, To: span.To, Code: span.Kind == markup.Block})
		}
	}
	b.text = text.Layout(b.doc.Shown, theme.Body, o)
}

func lookOf(k markup.Kind) text.Look {
	switch k {
	case markup.Bold:
		return text.Bold
	case markup.Italic:
		return text.Slanted
	case markup.Strike:
		return text.Struck
	case markup.Code:
		return text.Mono | text.Boxed
	case markup.Block:
		return text.Mono
	case markup.Link:
		return text.Linked
	}
	return 0
}

// snippetRunes is how much of a quoted message is read: more than two lines hold.
const snippetRunes = 400

// snippet is the beginning of a message on one line, without the signs of its markdown.
func snippet(s string) string {
	if len(s) > 4*snippetRunes {
		s = string([]rune(s[:4*snippetRunes])[:snippetRunes])
	}
	return strings.Join(strings.Fields(markup.Parse(s).Shown), " ")
}
