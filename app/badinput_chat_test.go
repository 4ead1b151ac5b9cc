package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"tacit/app"
	"tacit/app/apptest"
	"tacit/identity/envelope"
	"tacit/identity/session"
)

// liar is Alice with another program: it says to Bob what hers never would.
type liar struct {
	t       *testing.T
	p       pair
	session session.State
	stream  any
	seq     uint64
	known   app.Message // a message of hers that Bob has
	his     app.Message // one of his, as Bob has it
}

func liars(t *testing.T, f func(t *testing.T, l *liar)) {
	t.Helper()
	pairs(t, func(t *testing.T, p pair) {
		_, known := p.said(t, "an honest word")
		his := p.bob.Say(p.aliceOfBob, "his own")
		apptest.Settle(time.Second)
		var fields []any
		must(t, cbor.Unmarshal(blob(t, p.alice, p.bobOfAlice), &fields))
		var next app.DeliveryRecord
		must(t, p.alice.Store.View(ctx, func(tx app.ReadTx) (err error) { next, err = tx.Delivery(p.bobOfAlice); return err }))
		l := &liar{
			t: t, p: p, session: sessionOf(t, blob(t, p.alice, p.bobOfAlice)), stream: fields[1],
			seq: next.NextSeq, known: known, his: message(t, p.bob, his.ID),
		}
		p.alice.Stop()
		f(t, l)
	})
}

const (
	sayMessage  = 3
	sayReaction = 4
	sayEdit     = 5
	sayDelete   = 6
	sayTimer    = 7
	sayRead     = 8
	sayTyping   = 9
	sayActive   = 10
)

// says seals a content of a kind, with a body that is an array, or bytes as they are, and
// fails the test unless Bob takes it.
func (l *liar) says(kind uint64, body ...any) {
	l.t.Helper()
	b := encoded(l.t, body)
	if raw, ok := body[0].(rawBody); ok {
		b = raw
	}
	plain := encoded(l.t, []any{kind, l.stream, l.seq, l.seq, 0, 0, b})
	box, next, err := l.session.Seal(plain, l.p.alice.Clock.Now())
	if err != nil {
		l.t.Fatal(err)
	}
	l.session, l.seq = next, l.seq+1
	cell, err := envelope.NewCell(envelope.RandomToken(), box)
	if err != nil {
		l.t.Fatal(err)
	}
	if acks := l.p.bob.Transport.Inject(handleOf(l.p.aliceOfBob), cell); len(acks) != 1 {
		l.t.Fatalf("%d acknowledgements of kind %d with %x", len(acks), kind, b)
	}
}

type rawBody []byte

// unchanged fails the test where Bob's chat shows anything but the two honest messages.
func (l *liar) unchanged(what string) {
	l.t.Helper()
	apptest.Settle(time.Second)
	ms, err := l.p.bob.MessagesAfter(ctx, l.p.aliceOfBob, 0, 99)
	if err != nil || len(ms) != 2 {
		l.t.Fatalf("%s: %d messages, %v", what, len(ms), err)
	}
	for i, want := range []app.Message{l.known, l.his} {
		if got := ms[i]; got.Text != want.Text || got.Deleted || !got.EditedAt.IsZero() || len(got.Reactions) > 0 || got.State != want.State {
			l.t.Errorf("%s: changed to %+v", what, got)
		}
	}
	if c := chat(l.t, l.p.bob, l.p.aliceOfBob); c.Timer != 0 {
		l.t.Errorf("%s: the timer is %v", what, c.Timer)
	}
}

const (
	teller, hearer = 0, 1
	now            = 1_800_000_000_000
)

// TestRemarksAboutWhatIsNotTheirs: nobody changes, deletes or reacts to what is not here,
// and nobody but its writer changes or deletes a message.
func TestRemarksAboutWhatIsNotTheirs(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		none := app.Ref{1, 2, 3}
		for what, ref := range map[string]app.Ref{"his message": l.his.Ref, "none": none, "no name": {}} {
			l.says(sayEdit, ref, "forged", 1, now)
			l.says(sayDelete, ref)
			l.unchanged(what)
		}
		for _, ref := range []app.Ref{none, {}} {
			l.says(sayReaction, hearer, ref, "🎉", true, now)
			l.says(sayReaction, teller, ref, "🎉", true, now)
		}
		l.says(sayReaction, hearer, l.known.Ref, "🎉", true, now) // it is not his
		l.says(sayReaction, teller, l.his.Ref, "🎉", true, now)   // nor this hers
		l.says(sayRead, []app.Ref{none, {}, l.known.Ref})
		l.unchanged("reactions to none")

		// A name of a chat means nothing in another one.
		carol := l.p.u.Person("Carol")
		carolOfBob, bobOfCarol := l.p.u.Pair(l.p.bob, carol)
		carol.Say(bobOfCarol, "to Bob alone")
		apptest.Settle(time.Second)
		hers := last(t, l.p.bob, carolOfBob)
		l.says(sayEdit, hers.Ref, "forged", 1, now)
		l.says(sayDelete, hers.Ref)
		l.says(sayReaction, teller, hers.Ref, "🎉", true, now)
		if got := message(t, l.p.bob, hers.ID); got.Text != "to Bob alone" || got.Deleted || len(got.Reactions) > 0 {
			t.Errorf("Alice changed what Carol said: %+v", got)
		}
		l.unchanged("another chat")
	})
}

// TestTenThousandReactions: as many as fit a row are kept, whatever comes.
func TestTenThousandReactions(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		for i := range 10_000 {
			emoji := string(rune(0x1f600+i%64)) + "\u200d" + string(rune(0x1f400+i/64))
			l.says(sayReaction, hearer, l.his.Ref, emoji, true, now+i)
		}
		apptest.Settle(time.Second)
		got := message(t, l.p.bob, l.his.ID)
		if len(got.Reactions) != app.MaxReactions {
			t.Errorf("%d reactions", len(got.Reactions))
		}
		if n := told(l.p.bob, func(app.MessageChanged) bool { return true }); n != app.MaxReactions {
			t.Errorf("told %d times", n)
		}
		l.says(sayReaction, hearer, l.his.Ref, got.Reactions[0].Emoji, false, now)
		l.says(sayReaction, hearer, l.his.Ref, "🎉", true, now)
		if got := message(t, l.p.bob, l.his.ID); len(got.Reactions) != app.MaxReactions || got.Reactions[0].Emoji == "" {
			t.Errorf("after one made room: %d", len(got.Reactions))
		}
	})
}

// TestBodiesThatAreRefused says nothing and breaks nothing; only what was to be a message
// leaves a trace, since something was said.
func TestBodiesThatAreRefused(t *testing.T) {
	long, huge := strings.Repeat("x", app.MaxTextBytes+1), strings.Repeat("🎉", 3000)
	refs := make([]app.Ref, 65)
	many := func(r app.Ref) []app.Ref { return slices.Repeat([]app.Ref{r}, 65) }
	const year = 365 * 24 * 3600
	liars(t, func(t *testing.T, l *liar) {
		k, h := l.known.Ref, l.his.Ref
		for kind, bodies := range map[uint64][][]any{
			sayReaction: {
				{hearer, h, huge, true, now}, {hearer, h, "", true, now}, {hearer, h, "ok", true, now}, {hearer, h, "🎉🎉", true, now},
				{2, h, "🎉", true, now}, {hearer, h[:15], "🎉", true, now}, {hearer, h, "🎉", 1, now}, {hearer, h, "🎉", true}, {hearer, h, []byte("🎉"), true, now},
				{hearer, h, "🎉\u202e", true, now}, {hearer, h, "a🎉", true, now}, {hearer, h, "\u200d", true, now}, {hearer, h, "🎉", true, now, 0},
			},
			sayEdit: {
				{k, "", 1, now}, {k, long, 1, now}, {k, "x", 0, now}, {k, "x", -1, now}, {k, "x", uint64(1)<<62 + 1, now}, {k, "x", 1}, {k, 7, 1, now},
			},
			sayDelete: {{k[:15]}, {k, k}, {"x"}, {nil}},
			sayTimer: {
				{-1, 1, now}, {year * 1_000_000, 1, now}, {1, 1, now}, {29, 1, now}, {app.MaxTimer/time.Second + 1, 1, now}, {uint64(1<<64 - 1), 1, now},
				{60, 0, now}, {60, uint64(1) << 63, now}, {60.5, 1, now}, {60, 1},
			},
			sayRead:   {{refs[:0]}, {many(h)}, {h}, {nil}},
			sayTyping: {{1}, {}, {true, true}, {nil}},
			sayActive: {{1, 0}, {true}, {true, "now"}},
			11:        {{"x"}, {}}, 12: {{"x"}, {}},
		} {
			for i, body := range bodies {
				if len(body) == 0 {
					body = []any{rawBody{0x80}}
				}
				l.says(kind, body...)
				l.unchanged(fmt.Sprintf("kind %d, body %d", kind, i))
			}
			for _, raw := range []rawBody{{}, {0xf6}, {0x9f, 0xff}, slices.Repeat(rawBody{0x81}, 9000), slices.Repeat(rawBody{0xff}, 100)} {
				l.says(kind, raw)
				l.unchanged(fmt.Sprintf("kind %d, %x...", kind, raw[:min(len(raw), 2)]))
			}
		}
		if n := told(l.p.bob, func(e app.ContactActive) bool { return true }); n != 0 {
			t.Errorf("told %d times of typing and presence", n)
		}
	})
	for what, body := range map[string][]any{
		"no name":                   {app.Ref{}, now, "x", nil, false, 0, nil},
		"a short name":              {[]byte("x"), now, "x", nil, false, 0, nil},
		"an empty text":             {app.Ref{9}, now, "", nil, false, 0, nil},
		"a long text":               {app.Ref{9}, now, long, nil, false, 0, nil},
		"a timer of minus one":      {app.Ref{9}, now, "x", nil, false, -1, nil},
		"a timer of a second":       {app.Ref{9}, now, "x", nil, false, 1, nil},
		"a timer of a million year": {app.Ref{9}, now, "x", nil, false, year * 1_000_000, nil},
		"an answer to a third":      {app.Ref{9}, now, "x", []any{2, app.Ref{1}}, false, 0, nil},
		"an answer to a number":     {app.Ref{9}, now, "x", 7, false, 0, nil},
		"an element too many":       {app.Ref{9}, now, "x", nil, false, 0, nil, 0},
		"nothing":                   {rawBody{}},
	} {
		liars(t, func(t *testing.T, l *liar) {
			l.says(sayMessage, body...)
			if got := last(t, l.p.bob, l.p.aliceOfBob); !got.Unknown || got.Text != "" || got.Timer != 0 || got.Replies {
				t.Errorf("%s: shown as %+v", what, got)
			}
			if n, _ := l.p.bob.MessageCount(ctx, l.p.aliceOfBob); n != 3 {
				t.Errorf("%s: %d messages", what, n)
			}
		})
	}
}

// TestAnswersToNothing are shown as what they are: answers to something that is not here.
func TestAnswersToNothing(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		for i, to := range [][]any{{teller, app.Ref{}}, {hearer, app.Ref{7}}, {teller, l.his.Ref}} {
			l.says(sayMessage, app.Ref{9, byte(i)}, now, "an answer", to, false, 0, nil)
			if got := last(t, l.p.bob, l.p.aliceOfBob); got.Text != "an answer" || !got.Replies || got.ReplyTo != 0 {
				t.Errorf("answer %d: %+v", i, got)
			}
		}
	})
}

// TestOneNameForTwoMessages: the second is not shown, whatever it says.
func TestOneNameForTwoMessages(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		l.says(sayMessage, l.known.Ref, now, "the same name", nil, false, 0, nil)
		l.unchanged("a name twice")
		l.says(sayMessage, l.his.Ref, now, "his name, as hers", nil, false, 0, nil)
		if heard := l.p.bob.Heard(l.p.aliceOfBob); !slices.Equal(heard, []string{"an honest word", "his name, as hers"}) {
			t.Errorf("heard %q", heard)
		}
	})
}

// TestNameOfWhatIsGone: a message that was removed here does not come back under its name.
func TestNameOfWhatIsGone(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		must(t, l.p.bob.Delete(ctx, l.known.ID, false))
		l.says(sayMessage, l.known.Ref, now, "again", nil, false, 0, nil)
		wantTexts(t, "heard", l.p.bob.Heard(l.p.aliceOfBob), nil)
		l.seq-- // and not under its number either, which only a copy would use again
		l.says(sayMessage, l.known.Ref, now, "and again", nil, false, 0, nil)
		wantTexts(t, "heard", l.p.bob.Heard(l.p.aliceOfBob), nil)
	})
}

// TestRemarkUnderAUsedNumber: who was put back to a copy gives numbers again, and what it
// says of messages under them counts.
func TestRemarkUnderAUsedNumber(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		l.says(sayTyping, true)
		l.seq--
		l.says(sayReaction, hearer, l.his.Ref, "🎉", true, now)
		l.seq--
		l.says(sayEdit, l.known.Ref, "changed", 1, now)
		if got := message(t, l.p.bob, l.his.ID); len(got.Reactions) != 1 {
			t.Errorf("no reaction: %+v", got)
		}
		if got := message(t, l.p.bob, l.known.ID); got.Text != "changed" {
			t.Errorf("no edit: %+v", got)
		}
	})
}

// TestEditsOutOfOrder: the greatest revision stays, and at most so many texts are kept.
func TestEditsOutOfOrder(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		for _, revision := range []int{5, 3, 5, 4, 6} {
			l.says(sayEdit, l.known.Ref, fmt.Sprint("text ", revision), revision, now)
		}
		got := message(t, l.p.bob, l.known.ID)
		edits, err := l.p.bob.Edits(ctx, l.known.ID)
		if err != nil || got.Text != "text 6" || len(edits) != 2 {
			t.Errorf("%+v, %v, %v", got, edits, err)
		}
		for i := range 1000 {
			l.says(sayEdit, l.known.Ref, fmt.Sprint("flood ", i), 7+i, now)
		}
		edits, err = l.p.bob.Edits(ctx, l.known.ID)
		if err != nil || len(edits) != app.MaxEdits || edits[0].Text != "an honest word" {
			t.Errorf("%d texts are kept, %v", len(edits), err)
		}
		l.says(sayDelete, l.known.Ref)
		l.says(sayEdit, l.known.Ref, "back from the dead", 9999, now)
		l.says(sayReaction, teller, l.known.Ref, "🎉", true, now)
		if got := message(t, l.p.bob, l.known.ID); !got.Deleted || got.Text != "" || len(got.Reactions) != 0 {
			t.Errorf("after it was deleted: %+v", got)
		}
	})
}

// TestTimerOfTheLastVersion: who uses up the versions decides no message that Bob says.
func TestTimerOfTheLastVersion(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		l.says(sayTimer, 60, uint64(1)<<62, now)
		if c := chat(t, l.p.bob, l.p.aliceOfBob); c.Timer != time.Minute {
			t.Fatalf("the timer is %v", c.Timer)
		}
		must(t, l.p.bob.SetTimer(ctx, l.p.aliceOfBob, time.Hour))
		if m := l.p.bob.Say(l.p.aliceOfBob, "an hour"); m.Timer != time.Hour {
			t.Errorf("his message stays %v", m.Timer)
		}
	})
}

// TestFloodOfTyping: what changes nothing is told to nobody.
func TestFloodOfTyping(t *testing.T) {
	liars(t, func(t *testing.T, l *liar) {
		for range 2000 {
			l.says(sayTyping, true)
			l.says(sayActive, true, 0)
		}
		apptest.Settle(time.Second)
		if n := told(l.p.bob, func(app.ContactActive) bool { return true }); n != 2 {
			t.Errorf("told %d times", n)
		}
	})
}

// TestWhatAPersonMayNotDo at each entrance of the core.
func TestWhatAPersonMayNotDo(t *testing.T) {
	pairs(t, func(t *testing.T, p pair) {
		hers, _ := p.said(t, "hello")
		for what, emoji := range map[string]string{
			"nothing": "", "a megabyte": strings.Repeat("🎉", 1<<18), "a letter": "x", "a digit": "7", "two": "🎉🎉", "a joiner at the end": "🎉\u200d",
			"marks": "e\u0301\u0301", "noise": "\xf0\x9f", "an order of letters": "🎉\u202e", "half a flag": "🇫", "a space": "🎉 ", "a number": "١",
		} {
			wantErr(t, what, p.alice.React(ctx, hers.ID, emoji, true), app.ErrEmojiInvalid)
		}
		for _, emoji := range []string{"❤️", "❤", "👍🏿", "🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#⃣", "👩🏽‍❤️‍💋‍👨🏾", "🏳️‍🌈", "🫠", "©️", "☺️"} {
			if err := p.alice.React(ctx, hers.ID, emoji, true); err != nil {
				t.Errorf("%s: %v", emoji, err)
			}
		}
		must(t, p.alice.SetBlocked(ctx, p.bobOfAlice, true))
		wantErr(t, "a reaction to who is blocked", p.alice.React(ctx, hers.ID, "🎈", true), app.ErrBlocked)
		_, err := p.alice.Edit(ctx, hers.ID, "other")
		wantErr(t, "an edit", err, app.ErrBlocked)
		wantErr(t, "a deletion for all", p.alice.Delete(ctx, hers.ID, true), app.ErrBlocked)
		wantErr(t, "a timer", p.alice.SetTimer(ctx, p.bobOfAlice, time.Hour), app.ErrBlocked)
		wantErr(t, "forwarding", p.alice.Forward(ctx, hers.ID, []app.ContactID{p.bobOfAlice}), app.ErrBlocked)
		if m := message(t, p.alice, hers.ID); m.Text != "hello" || m.Deleted {
			t.Errorf("changed: %+v", m)
		}
		must(t, p.alice.Delete(ctx, hers.ID, false))
	})
}
