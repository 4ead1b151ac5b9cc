package main

import (
	"time"

	"tacit/app"
)

type messageView struct {
	ID        string         `json:"id"`
	Contact   string         `json:"contact"`
	Own       bool           `json:"own"`
	Text      string         `json:"text"`
	SentAt    time.Time      `json:"sent_at"`
	State     string         `json:"state"`
	Reason    string         `json:"reason,omitempty"`
	Path      string         `json:"path,omitempty"` // that it took
	ReplyTo   *string        `json:"reply_to"`       // null: none, or it is not here
	ReplyGone bool           `json:"reply_gone,omitempty"`
	Forwarded bool           `json:"forwarded,omitempty"`
	Reactions []reactionView `json:"reactions"`
	Edited    bool           `json:"edited"`
	Deleted   bool           `json:"deleted"`
	ExpiresAt *time.Time     `json:"expires_at"` // null: it does not count yet, or never will
	File      *fileView      `json:"file"`       // null: none
	Unknown   bool           `json:"unknown,omitempty"`
	Notice    string         `json:"notice,omitempty"`
	Seconds   *int64         `json:"seconds,omitempty"` // of the notice of a timer
}

type reactionView struct {
	Emoji string `json:"emoji"`
	Own   bool   `json:"own"`
}

type fileView struct {
	Name   string `json:"name"`
	Type   string `json:"type,omitempty"`
	Size   int64  `json:"size"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Done   int64  `json:"done"`
}

type editView struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

func viewMessage(m app.Message) messageView {
	v := messageView{
		ID: m.ID.String(), Contact: m.Contact.String(), Own: m.Own, Text: m.Text, SentAt: m.SentAt.UTC(),
		State: string(m.State), Reason: string(m.Reason), Path: string(m.Path), ReplyTo: viewReply(m), ReplyGone: m.Replies && m.ReplyTo == 0,
		Forwarded: m.Forwarded, Reactions: make([]reactionView, 0, len(m.Reactions)), Edited: !m.EditedAt.IsZero(), Deleted: m.Deleted,
		File: viewFile(m.File), Unknown: m.Unknown, Notice: string(m.Notice),
	}
	for _, r := range m.Reactions {
		v.Reactions = append(v.Reactions, reactionView{r.Emoji, r.Own})
	}
	if !m.ExpiresAt.IsZero() {
		at := m.ExpiresAt.UTC()
		v.ExpiresAt = &at
	}
	if m.Notice != app.NoticeNone {
		v.SentAt = m.At.UTC() // nobody sent it
	}
	if m.Notice == app.NoticeTimer {
		seconds := int64(m.Timer / time.Second)
		v.Seconds = &seconds
	}
	return v
}

func viewReply(m app.Message) *string {
	if m.ReplyTo == 0 {
		return nil
	}
	to := m.ReplyTo.String()
	return &to
}

func viewFile(f *app.File) *fileView {
	if f == nil {
		return nil
	}
	return &fileView{Name: f.Name, Type: f.Type, Size: f.Size, State: string(f.State), Reason: string(f.Reason), Done: f.Done}
}

func viewMessages(ms []app.Message) any {
	views := make([]messageView, 0, len(ms))
	for _, m := range ms {
		views = append(views, viewMessage(m))
	}
	return struct {
		Messages []messageView `json:"messages"`
	}{views}
}
