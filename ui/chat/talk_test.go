package chat

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tacit/app"
	"tacit/app/apptest"
)

// pairOfSeats opens the chat of two people on both sides.
func pairOfSeats(t *testing.T) (amina, claire *seat) {
	t.Helper()
	u := apptest.NewUniverse(t)
	a, b := u.Person("Amina"), u.Person("Claire")
	claireID, aminaID := u.Pair(a, b)
	amina, claire = sit(t, a), sit(t, b)
	amina.open(t, claireID)
	claire.open(t, aminaID)
	return amina, claire
}

// both catches up on both sides, there and back.
func both(a, b *seat) {
	for range 2 {
		a.catchUp()
		b.catchUp()
	}
}

// TestTalkOverARealMessenger has two people do with messages what can be done with them.
func TestTalkOverARealMessenger(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire := pairOfSeats(t)
		amina.talk.Send("see you at nine")
		both(amina, claire)
		first := claire.last(t)

		claire.talk.Answer(first.ID)
		claire.talk.Send("nine it is")
		both(amina, claire)
		answer := amina.last(t)
		if q := amina.talk.item(answer).Quote; q == nil || q.Text != "see you at nine" || q.Name != "You" {
			t.Errorf("Amina sees the quote %+v", q)
		}

		amina.talk.EditLast()
		amina.talk.Send("see you at ten")
		both(amina, claire)
		if m, _ := claire.talk.Find(first.ID); m.Text != "see you at ten" || m.EditedAt.IsZero() {
			t.Errorf("Claire sees %+v", m)
		}
		var earlier []app.Edit
		claire.talk.Edits(first.ID, func(e []app.Edit) { earlier = e })
		claire.catchUp()
		if len(earlier) != 1 || earlier[0].Text != "see you at nine" {
			t.Errorf("Claire can read the earlier texts %+v", earlier)
		}

		claire.talk.React(first.ID, "👍")
		both(amina, claire)
		if r := amina.talk.Item(0).Reactions; len(r) != 1 || r[0].Own || r[0].Emoji != "👍" {
			t.Errorf("Amina sees the reactions %+v", r)
		}

		claire.talk.Delete(claire.last(t).ID, true)
		both(amina, claire)
		if m := amina.last(t); !m.Deleted || m.Text != "" {
			t.Errorf("Amina sees %+v", m)
		}
		amina.talk.Delete(amina.last(t).ID, false)
		both(amina, claire)
		if amina.talk.Len() != 1 || claire.talk.Len() != 2 {
			t.Errorf("Amina has %d messages, Claire %d", amina.talk.Len(), claire.talk.Len())
		}
		if row, _ := amina.list.Chat(amina.talk.id); row.Last == nil || row.Last.Text != "see you at ten" {
			t.Errorf("Amina's row is %+v", row.Last)
		}
	})
}

// TestTimerOverARealMessenger: what disappears leaves thread, row and quotes.
func TestTimerOverARealMessenger(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire := pairOfSeats(t)
		amina.talk.Send("this stays")
		both(amina, claire)
		amina.talk.SetTimer(30 * time.Second)
		both(amina, claire)
		if claire.talk.Chat().Timer != 30*time.Second || claire.last(t).Notice != app.NoticeTimer {
			t.Fatalf("Claire's timer is %v", claire.talk.Chat().Timer)
		}
		amina.talk.Send("this goes")
		both(amina, claire)
		gone := claire.last(t)
		claire.talk.Answer(gone.ID)
		claire.talk.SetTimer(0)
		both(amina, claire)
		claire.talk.Send("I saw it")
		both(amina, claire)
		claire.talk.Seen(claire.last(t).ID, true)
		both(amina, claire)
		time.Sleep(time.Minute)
		both(amina, claire)
		for _, s := range []*seat{amina, claire} {
			for i := range s.talk.Len() {
				if m := s.talk.Item(i); m.Text == "this goes" {
					t.Errorf("%s still sees it", s.Name)
				}
			}
			if q := s.talk.item(s.last(t)).Quote; q == nil || q.ID != 0 || q.Text == "this goes" {
				t.Errorf("%s sees the quote %+v", s.Name, q)
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestMarksOverARealMessenger: drafts, positions and marks are kept by the profile.
func TestMarksOverARealMessenger(t *testing.T) {
	defer goleak.VerifyNone(t)
	synctest.Test(t, func(t *testing.T) {
		amina, claire := pairOfSeats(t)
		id := amina.talk.id
		amina.talk.Edited("half a sentence")
		amina.tick(draftDelay)
		amina.list.Mark(id, func(m *app.ChatMarks) { m.Pinned, m.Muted = true, true })
		both(amina, claire)
		chat, _ := amina.list.Chat(id)
		if !chat.Pinned || !chat.Muted || chat.Draft != "half a sentence" {
			t.Errorf("the row is %+v", chat)
		}
		again := sit(t, amina.Person)
		again.list.Handle(app.Snapshot{Chats: must(amina.Chats(t.Context()))})
		if again.kept.Get(id) != "half a sentence" {
			t.Errorf("the draft is %q after a start", again.kept.Get(id))
		}
	})
}
