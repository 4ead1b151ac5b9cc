package chat

import (
	"errors"
	"strings"
	"time"

	"tacit/app"
	"tacit/ui/lang"
	"tacit/ui/theme"
	"tacit/ui/voice"
	"tacit/ui/widget/text"
)

// maxNameShown is how many letters of a name a sentence has room for (UI.md, section 5).
const maxNameShown = 40

// shown is a name as a sentence shows it.
func shown(name string) string { return text.Shorten(name, maxNameShown) }

// Names finds the name of a contact; it returns "" for one who is gone.
type Names func(app.ContactID) string

// trustWord says in words how a contact was authenticated.
func trustWord(c app.Contact, names Names) string {
	switch c.Trust {
	case app.Introduced:
		return lang.T("trust.introduced", "other", shown(names(c.IntroducedBy)))
	case app.Proximity:
		return lang.T("trust.met")
	case app.Verified:
		return lang.T("trust.verified")
	}
	return lang.T("trust.unverified")
}

// statusWord is the line below the name in the header: what the contact does, if they
// chose to tell, else how they were checked and can be reached.
func statusWord(c *Conversation, names Names, now time.Time) string {
	chat := c.Chat()
	if chat.Typing {
		return lang.T("chat.typing")
	}
	status := lang.T("chat.status", "trust", trustWord(chat.Contact, names), "reach", lang.T("reach."+string(chat.Reach)+"_inline"))
	if seen := seenWord(chat, now); seen != "" {
		status = lang.T("chat.status_more", "status", status, "more", seen)
	}
	if chat.Timer != 0 {
		status = lang.T("chat.status_more", "status", status, "more", lang.T("chat.status_timer", "time", timerWord(chat.Timer)))
	}
	return status
}

// seenWord says whether the contact is at the computer, as far as they chose to tell.
func seenWord(c app.Chat, now time.Time) string {
	switch {
	case c.Active:
		return lang.T("chat.active")
	case c.ActiveAt.IsZero():
		return ""
	}
	at := c.ActiveAt.Local()
	if y, m, d := now.Date(); at.Year() == y && at.Month() == m && at.Day() == d {
		return lang.T("chat.seen_today", "time", lang.Clock(at))
	}
	return lang.T("chat.seen", "date", lang.Date(at))
}

// stateIcon is the glyph of an own message.
func stateIcon(s app.State) theme.IconName {
	switch s {
	case app.StateHeld:
		return theme.IconHeld
	case app.StateDelivered:
		return theme.IconDelivered
	case app.StateRead:
		return theme.IconRead
	case app.StateFailed:
		return theme.IconFailed
	}
	return theme.IconQueued
}

// stateWord says in a word where a message is, and in a sentence what that means.
func stateWord(m app.Message, name string) (word, why string) {
	switch m.State {
	case app.StateQueued:
		why = lang.T("state.queued_why", "name", shown(name))
	case app.StateHeld:
		why = lang.T("state.held_why", "name", shown(name))
	case app.StateDelivered:
		why = lang.T("state.delivered_why", "name", shown(name), "time", lang.DateTime(m.StateAt.Local()))
	case app.StateRead:
		why = lang.T("state.read_why", "name", shown(name), "time", lang.DateTime(m.StateAt.Local()))
	case app.StateFailed:
		why = reasonWord(m.Reason, name)
	}
	return lang.T("state." + string(m.State)), why
}

func reasonWord(r app.Reason, name string) string {
	if r == app.ReasonNone {
		return ""
	}
	return lang.T("reason."+string(r), "name", shown(name))
}

// errorWord says what happened to a text that was not sent, or to what else was asked for.
func errorWord(err error, draft string) string {
	switch {
	case errors.Is(err, errNotSaved):
		return lang.T("error.file_not_saved")
	case errors.Is(err, errNoRoom):
		return lang.T("error.file_no_room")
	case errors.Is(err, errNotOpened):
		return lang.T("error.link_not_opened")
	}
	for _, v := range voiceErrors {
		if errors.Is(err, v.err) {
			return lang.T(v.key)
		}
	}
	n, most, _ := Left(draft)
	return lang.T("error."+app.Code(err), "n", n, "max", most)
}

// voiceErrors are the sentences about voice notes.
var voiceErrors = []struct {
	err error
	key string
}{
	{errMicrophoneGone, "voice.lost"},
	{errRecordingFull, "voice.full"},
	{errRecordingKept, "voice.kept"},
	{errNotRecorded, "voice.not_begun"},
	{errNoLoudspeaker, "voice.no_loudspeaker"},
	{errLoudspeakerGone, "voice.loudspeaker_gone"},
	{errVoiceNoteDamaged, "voice.damaged"},
}

// muteWord says why nothing can be recorded.
func muteWord(err error) string {
	switch {
	case errors.Is(err, voice.ErrNoEncoder):
		return lang.T("voice.why_build")
	case errors.Is(err, voice.ErrNoMicrophone):
		return lang.T("voice.why_microphone")
	}
	return lang.T("voice.why_sound")
}

// noticeWord is what stands in the chat in place of a message.
func noticeWord(m app.Message, name string) string {
	if m.Notice != app.NoticeTimer {
		return lang.T("notice." + string(m.Notice))
	}
	who, end := lang.T("word.you"), "_you"
	if !m.Own {
		who, end = shown(name), ""
	}
	if m.Timer == 0 {
		return lang.T("notice.timer_off"+end, "name", who)
	}
	return lang.T("notice.timer_set"+end, "name", who, "time", timerWord(m.Timer))
}

// timerWord is how long messages stay.
func timerWord(d time.Duration) string {
	const day, week = 24 * time.Hour, 7 * 24 * time.Hour
	switch {
	case d == 0:
		return lang.T("timer.off")
	case d%week == 0:
		return lang.N("duration.weeks", int(d/week))
	case d%day == 0:
		return lang.N("duration.days", int(d/day))
	case d%time.Hour == 0:
		return lang.N("duration.hours", int(d/time.Hour))
	case d%time.Minute == 0:
		return lang.N("duration.minutes", int(d/time.Minute))
	}
	return lang.N("duration.seconds", int(d/time.Second))
}

// bodyWord is what a message says, in a word where it says nothing in text.
func bodyWord(m app.Message, name string) string {
	switch {
	case m.Notice != app.NoticeNone:
		return noticeWord(m, name)
	case m.Deleted && m.Own:
		return lang.T("chat.deleted_own")
	case m.Deleted:
		return lang.T("chat.deleted", "name", shown(name))
	case m.Unknown:
		return lang.T("list.unknown")
	case m.Text == "" && m.File != nil:
		return fileWord(*m.File)
	}
	return m.Text
}

// fileWord names a file where there is no room for it.
func fileWord(f app.File) string {
	if isPicture(f) {
		return lang.T("file.picture")
	}
	return fileTitle(f)
}

// lineRunes is how much of a message a row of the list lays out: more than it has room for.
const lineRunes = 160

// oneLine is a text on one line.
func oneLine(s string) string {
	if len(s) > 4*lineRunes {
		s = string([]rune(s[:4*lineRunes])[:lineRunes])
	}
	return strings.Join(strings.Fields(s), " ")
}
