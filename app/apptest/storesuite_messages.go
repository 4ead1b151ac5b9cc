package apptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tacit/app"
)

func testMessages(t *testing.T, s *suite) {
	c, other := s.contact("Ann"), s.contact("Bo")
	var all []app.Message
	for i := range 7 {
		all = append(all, s.add(received(c, fmt.Sprint("text ", i), suiteNow.Add(time.Duration(i)*time.Second))))
		s.add(own(other, "elsewhere", suiteNow))
	}
	newest := slices.Clone(all)
	slices.Reverse(newest)
	s.view(func(tx app.ReadTx) error {
		var errs []error
		check := func(what string, want []app.Message) func([]app.Message, error) {
			return func(got []app.Message, err error) {
				t.Helper()
				s.want(what, got, want)
				errs = append(errs, err)
			}
		}
		check("newest", newest[:3])(tx.Messages(c, 0, 3))
		check("older page", newest[3:6])(tx.Messages(c, newest[2].ID, 3))
		check("oldest page", newest[6:])(tx.Messages(c, newest[5].ID, 3))
		check("past the end", nil)(tx.Messages(c, newest[6].ID, 3))
		check("no message", nil)(tx.Messages(c, 0, 0))
		check("from the beginning", all[:2])(tx.MessagesAfter(c, 0, 2))
		check("after", all[3:])(tx.MessagesAfter(c, all[2].ID, 100))
		check("after the end", nil)(tx.MessagesAfter(c, all[6].ID, 100))
		n, err := tx.MessageCount(c)
		s.want("count", n, 7)
		m, err2 := tx.Message(all[4].ID)
		s.want("message", m, all[4])
		return errors.Join(append(errs, err, err2)...)
	})
}

func testMessageState(t *testing.T, s *suite) {
	c := s.contact("Ann")
	m := s.add(own(c, "hello", suiteNow))
	m.State, m.Reason, m.StateAt = app.StateFailed, app.ReasonKeys, suiteNow.Add(time.Minute)
	s.update(func(tx app.Tx) error { return tx.SetMessageState(m.ID, m.State, m.Reason, m.StateAt) })
	unknown := received(c, "", suiteNow)
	unknown.Unknown, unknown.Unread = true, true
	s.update(func(tx app.Tx) (err error) {
		unknown.ID, err = tx.AddUnknown(unknown, []byte("of a newer version"))
		return err
	})
	s.view(func(tx app.ReadTx) error {
		got, err := tx.Message(m.ID)
		s.want("message", got, m)
		got, err2 := tx.Message(unknown.ID)
		s.want("unknown message", got, unknown)
		return errors.Join(err, err2)
	})
	err := s.store.Update(context.Background(), func(tx app.Tx) error {
		return tx.SetMessageState(unknown.ID+1000, app.StateDelivered, app.ReasonNone, suiteNow)
	})
	s.wantNotFound("state of no message", err)
}

func testHeads(t *testing.T, s *suite) {
	a, b, c := s.contact("Ann"), s.contact("Bo"), s.contact("Cy")
	first := s.add(received(a, "one", suiteNow))
	s.add(received(a, "two", suiteNow))
	last := s.add(received(a, "three", suiteNow))
	mine := s.add(own(b, "mine", suiteNow))
	heads := func(unread int) {
		t.Helper()
		last.Unread = unread > 0
		s.view(func(tx app.ReadTx) error {
			got, err := tx.ChatHeads()
			slices.SortFunc(got, func(x, y app.ChatHead) int { return int(x.Contact - y.Contact) })
			s.want("heads", got, []app.ChatHead{{Contact: a, Last: &last, Unread: unread}, {Contact: b, Last: &mine}, {Contact: c}})
			head, err2 := tx.ChatHead(a)
			s.want("head", head, app.ChatHead{Contact: a, Last: &last, Unread: unread})
			head, err3 := tx.ChatHead(c)
			s.want("head of an empty chat", head, app.ChatHead{Contact: c})
			return errors.Join(err, err2, err3)
		})
	}
	read := func(c app.ContactID, upTo app.MessageID, want int) {
		t.Helper()
		s.update(func(tx app.Tx) error {
			left, err := tx.MarkRead(c, upTo)
			s.want("unread left", left, want)
			return err
		})
	}
	heads(3)
	read(a, first.ID, 2)
	read(a, first.ID, 2)
	read(b, mine.ID, 0)
	heads(2)
	read(a, last.ID, 0)
	heads(0)
	last = s.add(received(a, "four", suiteNow))
	heads(1)
}

// testNotices: a notice stands in the chat, but is not unread, and neither hides what
// was said last nor is itself hidden where nothing was said.
func testNotices(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	said := s.add(received(a, "hello", suiteNow))
	first := s.add(notice(a, suiteNow.Add(time.Hour)))
	alone := s.add(notice(b, suiteNow))
	alone = s.add(notice(b, suiteNow.Add(time.Hour)))
	s.view(func(tx app.ReadTx) error {
		heads, err := tx.ChatHeads()
		slices.SortFunc(heads, func(x, y app.ChatHead) int { return int(x.Contact - y.Contact) })
		s.want("heads", heads, []app.ChatHead{{Contact: a, Last: &said, Unread: 1}, {Contact: b, Last: &alone}})
		head, err2 := tx.ChatHead(b)
		s.want("head", head, app.ChatHead{Contact: b, Last: &alone})
		list, err3 := tx.Messages(a, 0, 10)
		s.want("chat", list, []app.Message{first, said})
		waiting, err4 := tx.Unsealed(a, 10)
		s.want("unsealed", waiting, []app.Message(nil))
		found, err5 := tx.SearchMessages(app.SearchQuery{Text: "session renewed", Limit: 10})
		s.want("found", found, []app.Hit(nil))
		n, err6 := tx.MessageCount(b)
		s.want("count", n, 2)
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
	s.update(func(tx app.Tx) error {
		left, err := tx.MarkRead(a, first.ID)
		s.want("unread left", left, 0)
		return err
	})
	said = s.add(own(b, "mine", suiteNow.Add(2*time.Hour)))
	s.view(func(tx app.ReadTx) error {
		head, err := tx.ChatHead(b)
		s.want("head after a message", head, app.ChatHead{Contact: b, Last: &said})
		return err
	})
}

func testSearch(t *testing.T, s *suite) {
	a, b := s.contact("Ann"), s.contact("Bo")
	for _, m := range []app.Message{
		received(a, "The harbour is quiet tonight", suiteNow),
		own(b, "Quiet, please: the HARBOUR master sleeps", suiteNow),
		received(a, "un café noir", suiteNow),
		own(a, "Привет, мир", suiteNow),
		received(b, "nothing to see", suiteNow),
	} {
		s.add(m)
	}
	found := func(query string, limit int, want ...string) {
		t.Helper()
		s.want("search for "+query, texts(s.search(app.SearchQuery{Text: query, Limit: limit})), want)
	}
	found("harbour", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("quiet harbour", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("harbour", 1, "Quiet, please: the HARBOUR master sleeps")
	found("harbour", 0)
	found("harbour tonight", 10, "The harbour is quiet tonight")
	found("harb", 10, "Quiet, please: the HARBOUR master sleeps", "The harbour is quiet tonight")
	found("harbour sunk", 10)
	found("CAFE", 10, "un café noir")
	found("мир ПРИВЕТ", 10, "Привет, мир")
	found("", 10)
	found("  \t\n", 10)
}

// testSearchLiteral: a query is words, never an expression.
func testSearchLiteral(t *testing.T, s *suite) {
	c := s.contact("Ann")
	s.add(received(c, "alpha beta", suiteNow))
	s.add(received(c, "gamma", suiteNow))
	for _, query := range []string{
		"alpha OR gamma", "alpha NOT beta", "NEAR(alpha beta)", "text:alpha", `"`, `alpha"`, "*", "^alpha (", "-gamma alpha",
		"alpha AND", "{text}:alpha", "'; DROP TABLE messages", "\x00alpha\x00", "\xff\xfe", "alpha\u0301\u0301",
	} {
		if got := s.search(app.SearchQuery{Text: query, Limit: 10}); len(got) > 1 {
			t.Errorf("search for %q found %q", query, texts(got))
		}
	}
}
