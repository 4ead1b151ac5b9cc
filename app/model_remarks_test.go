package app_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tacit/app"
	"tacit/app/apptest"
)

var remarks = []string{
	"say", "edit", "edit", "react", "react", "delete", "forget", "timer", "read", "wait", "crash", "break", "lose", "double", "swap", "tamper",
	"restart", "renew", "copy", "restore",
}

// TestModelOfRemarks: whatever happens, both sides come to show the same texts, reactions
// and timer, and the same as deleted; and whoever reads something is known to have read it.
// Who was put back to a copy comes to the same in what is said from then on.
func TestModelOfRemarks(t *testing.T) {
	var friends acquaintance
	synctest.Test(t, func(t *testing.T) { friends = acquainted(t) })
	rapid.Check(t, func(rt *rapid.T) {
		history := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) incident {
			who := rapid.IntRange(0, people-1).Draw(rt, "who")
			return incident{
				What: rapid.SampledFrom(remarks).Draw(rt, "what"),
				Who:  who, Whom: (who + rapid.IntRange(1, people-1).Draw(rt, "whom")) % people,
				N: rapid.IntRange(1, 6).Draw(rt, "n"), Flag: rapid.Bool().Draw(rt, "flag"),
			}
		}), 1, 30).Draw(rt, "history")
		var failure string
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, friends)
			w.verdict = w.judgeRemarks
			for _, p := range w.all {
				must(t, p.SetPreferences(ctx, app.Preferences{LAN: true, TellRead: true}))
			}
			failure = w.run(history)
		})
		if failure != "" {
			rt.Fatal(failure)
		}
	})
}

// remark says something of a message, or of the chat. It may be refused, or be cut short by a crash.
func (w *world) remark(i incident) {
	p, c := w.all[i.Who], w.ids[i.Who][i.Whom]
	if i.What == "timer" {
		p.SetTimer(ctx, c, app.MaxTimer-time.Duration(i.N)*time.Second) // nothing expires in this model
		return
	}
	if i.What == "read" {
		if ms, err := p.Messages(ctx, c, 0, 1); err == nil && len(ms) > 0 {
			p.MarkRead(ctx, c, ms[0].ID)
		}
		return
	}
	ms, err := p.Messages(ctx, c, 0, 2*i.N)
	if err != nil || len(ms) == 0 {
		return
	}
	m := ms[min(i.N, len(ms)-1)]
	w.said++
	switch i.What {
	case "edit":
		p.Edit(ctx, m.ID, fmt.Sprintf("%s, edit %d", m.Text, w.said))
	case "react":
		p.React(ctx, m.ID, string(rune(0x1f600+i.N%3)), i.Flag)
	case "delete":
		p.Delete(ctx, m.ID, true)
	case "forget":
		p.Delete(ctx, m.ID, false)
	}
}

// shown is what one side shows of a message.
type shown struct {
	text      string
	deleted   bool
	unread    bool
	read      bool
	reactions string // as the writer's side would say it
}

// writtenBy returns what somebody shows of what i wrote to j, by name.
func (w *world) writtenBy(i, j, at int) map[app.Ref]shown {
	out := map[app.Ref]shown{}
	other := j
	if at == j {
		other = i
	}
	var after app.MessageID
	for {
		ms, err := w.all[at].MessagesAfter(ctx, w.ids[at][other], after, app.MaxPage)
		if err != nil || len(ms) == 0 {
			return out
		}
		for _, m := range ms {
			after = m.ID
			if m.Notice != app.NoticeNone || m.Own != (at == i) {
				continue
			}
			var marks []string
			for _, r := range m.Reactions {
				marks = append(marks, fmt.Sprint(r.Emoji, r.Own == m.Own))
			}
			slices.Sort(marks)
			out[m.Ref] = shown{m.Text, m.Deleted, m.Unread, m.State == app.StateRead, fmt.Sprint(marks)}
		}
	}
}

// judgeRemarks compares what i wrote to j as both show it.
func (w *world) judgeRemarks(i, j int) string {
	copied := w.restored[i] || w.restored[j]
	if failure := w.judgeLater(i, j); failure != "" {
		return failure
	}
	if copied {
		return ""
	}
	mine, theirs := w.writtenBy(i, j, i), w.writtenBy(i, j, j)
	for _, ref := range slices.SortedFunc(maps.Keys(mine), func(a, b app.Ref) int { return slices.Compare(a[:], b[:]) }) {
		m, there := mine[ref], theirs[ref]
		if _, ok := theirs[ref]; !ok {
			continue // forgotten there
		}
		if m.text != there.text || m.deleted != there.deleted || m.reactions != there.reactions {
			return fmt.Sprintf("of what %s wrote, %s shows %+v, and %s %+v", names[i], names[i], m, names[j], there)
		}
		if !there.unread && !m.read && !m.deleted {
			return fmt.Sprintf("%s read %q, and %s does not know", names[j], m.text, names[i])
		}
	}
	return ""
}

// judgeLater says something, changes all of it, and sees that it comes to the other side.
func (w *world) judgeLater(i, j int) string {
	p, q, patience := w.all[i], w.all[j], 10*time.Second
	if w.restored[i] || w.restored[j] {
		patience = 3 * time.Hour // who was put back behind a receipt is believed again after an hour
	}
	msg, err := p.Send(ctx, w.ids[i][j], fmt.Sprintf("the last of %s to %s", names[i], names[j]))
	if err != nil {
		return err.Error()
	}
	apptest.Settle(patience)
	edited, err := p.Edit(ctx, msg.ID, msg.Text+", edited")
	if err == nil {
		err = p.React(ctx, msg.ID, "🥇", true)
	}
	if err == nil {
		err = p.SetTimer(ctx, w.ids[i][j], app.MaxTimer-time.Duration(10+3*i+j)*time.Second)
	}
	if err != nil {
		return err.Error()
	}
	apptest.Settle(patience)
	got := w.writtenBy(i, j, j)[msg.Ref]
	if got.text != edited.Text || got.reactions != "[🥇true]" {
		return fmt.Sprintf("in the end %s shows %+v of %q, restored: %v", names[j], got, edited.Text, w.restored)
	}
	mine, err := p.Chats(ctx)
	if err != nil {
		return err.Error()
	}
	theirs, err := q.Chats(ctx)
	if err != nil {
		return err.Error()
	}
	at := func(all []app.Chat, c app.ContactID) time.Duration {
		return all[slices.IndexFunc(all, func(x app.Chat) bool { return x.Contact.ID == c })].Timer
	}
	if a, b := at(mine, w.ids[i][j]), at(theirs, w.ids[j][i]); a != b {
		return fmt.Sprintf("the timers of %s and %s are %v and %v", names[i], names[j], a, b)
	}
	return ""
}
