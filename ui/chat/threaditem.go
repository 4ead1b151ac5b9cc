package chat

import (
	"strings"
	"time"

	"tacit/app"
	"tacit/app/fold"
	"tacit/ui/lang"
	"tacit/ui/widget"
)

// item is a message as the thread shows it.
func (c *Conversation) item(m app.Message) widget.ThreadItem {
	name := c.chat.Contact.Name
	i := widget.ThreadItem{
		ID: int64(m.ID), Own: m.Own, Text: m.Text, At: m.At.Local(), Fresh: m.ID == c.fresh.first && m.ID != 0,
		Edited: !m.EditedAt.IsZero() && !m.Deleted, Deleted: m.Deleted, Forwarded: m.Forwarded && !m.Deleted,
	}
	if m.Notice != app.NoticeNone {
		i.Notice, i.Text = true, noticeWord(m, name)
		return i
	}
	if m.Own {
		i.State = threadState(m.State)
		if m.State == app.StateFailed {
			i.Note = reasonWord(m.Reason, name)
		}
	}
	switch {
	case m.Deleted:
		i.Text = bodyWord(m, name)
		return i
	case m.Unknown:
		i.Unknown, i.Text = true, lang.T("chat.unknown")
	}
	i.Timer = widget.ThreadTimer{Total: m.Timer, EndsAt: m.ExpiresAt}
	i.Reactions = reactions(m.Reactions)
	i.Quote = c.quote(m)
	if m.File != nil {
		i.File = threadFile(m, c.rates[m.ID])
		i.File.Voice = c.threadVoice(m)
	}
	for _, r := range fold.Find(m.Text, c.Sought()) {
		i.Marks = append(i.Marks, widget.ThreadRange{From: r.From, To: r.To})
	}
	return i
}

func threadState(s app.State) widget.ThreadState {
	switch s {
	case app.StateHeld:
		return widget.ThreadHeld
	case app.StateDelivered:
		return widget.ThreadDelivered
	case app.StateRead:
		return widget.ThreadRead
	case app.StateFailed:
		return widget.ThreadFailed
	}
	return widget.ThreadQueued
}

// reactions counts who chose which emoji, in the order of the first of each.
func reactions(list []app.Reaction) []widget.ThreadReaction {
	var out []widget.ThreadReaction
	at := map[string]int{}
	for _, r := range list {
		n, known := at[r.Emoji]
		if !known {
			n = len(out)
			at[r.Emoji] = n
			out = append(out, widget.ThreadReaction{Emoji: r.Emoji})
		}
		out[n].Count++
		out[n].Own = out[n].Own || r.Own
	}
	return out
}

// quote is the message that m answers, or nil.
func (c *Conversation) quote(m app.Message) *widget.ThreadQuote {
	if !m.Replies {
		return nil
	}
	q, ok := c.Answered(m)
	if !ok {
		return &widget.ThreadQuote{Text: lang.T("chat.quote_gone")}
	}
	return &widget.ThreadQuote{ID: int64(q.ID), Name: c.writer(q), Text: quoted(q, c.chat.Contact.Name)}
}

// writer names who wrote a message.
func (c *Conversation) writer(m app.Message) string {
	if m.Own {
		return lang.T("word.you")
	}
	return shown(c.chat.Contact.Name)
}

// maxQuoted is how much of a message a quote lays out: two lines.
const maxQuoted = 240

func quoted(m app.Message, name string) string {
	s := bodyWord(m, name)
	if r := []rune(s[:min(len(s), 4*maxQuoted)]); len(r) > maxQuoted {
		s = string(r[:maxQuoted]) + "…"
	}
	return strings.TrimSpace(s)
}

// threadFile is the file of a message as the thread shows it.
func threadFile(m app.Message, rate int64) *widget.ThreadFile {
	f := *m.File
	t := &widget.ThreadFile{
		Name: fileTitle(f), Detail: fileDetail(f, m.Own, rate), Share: -1, Action: fileAction(f, m.Own),
		Picture: isPicture(f) && (m.Own || f.State == app.FileDone), Width: f.Width, Height: f.Height,
	}
	if f.Size > 0 && (f.State == app.FileMoving || f.State == app.FilePaused) {
		t.Share = float32(float64(f.Done) / float64(f.Size))
	}
	return t
}

// fileTitle is the name of a file, or what it is where all of its kind have one name.
func fileTitle(f app.File) string {
	if isVoice(f) {
		return lang.T("voice.note")
	}
	return f.Name
}

// isPicture reports whether a file is one that the thread can show.
func isPicture(f app.File) bool {
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return f.Width > 0 && f.Height > 0
	}
	return false
}

// fileAction is what a click on a file does.
func fileAction(f app.File, own bool) widget.ThreadFileAction {
	switch f.State {
	case app.FileMoving:
		return widget.FilePause
	case app.FilePaused:
		if f.Reason == app.ReasonAsk { // nothing of it is here yet: there is nothing to go on with
			return widget.FileFetch
		}
		return widget.FileResume
	case app.FileDone:
		return widget.FileExport
	case app.FileWaiting:
		if own {
			return widget.FileExport
		}
	case app.FileFailed:
		if !own && f.Reason != app.ReasonGone {
			return widget.FileFetch
		}
	}
	return widget.FileNothing
}

// fileDetail says how large a file is and where it is on its way.
func fileDetail(f app.File, own bool, rate int64) string {
	size := lang.Size(f.Size)
	switch f.State {
	case app.FileMoving:
		return movingWord(f, size, rate)
	case app.FilePaused:
		if f.Reason != app.ReasonNone {
			return lang.T("file.why", "size", size, "why", lang.T("file.reason_"+string(f.Reason)))
		}
		return lang.T("file.paused", "size", size, "percent", lang.Percent(percent(f)))
	case app.FileFailed:
		return lang.T("file.why", "size", size, "why", failedWord(f.Reason))
	case app.FileCancelled:
		return lang.T("file.cancelled", "size", size)
	case app.FileWaiting:
		if own {
			return lang.T("file.waiting_own", "size", size)
		}
		return lang.T("file.waiting", "size", size)
	}
	return size
}

func failedWord(r app.Reason) string {
	if r == app.ReasonNone {
		r = app.ReasonGone
	}
	return lang.T("file.reason_" + string(r))
}

// movingWord is how far a file is, how fast, and how long it will take.
func movingWord(f app.File, size string, rate int64) string {
	if rate <= 0 {
		return lang.T("file.moving", "percent", lang.Percent(percent(f)), "size", size)
	}
	left := time.Duration(float64(max(0, f.Size-f.Done)) / float64(rate) * float64(time.Second))
	return lang.T("file.moving_rate", "percent", lang.Percent(percent(f)), "size", size, "rate", lang.Size(rate), "left", lang.Duration(left.Round(time.Second)))
}

func percent(f app.File) int {
	if f.Size <= 0 {
		return 0
	}
	return int(min(100, f.Done*100/f.Size))
}
