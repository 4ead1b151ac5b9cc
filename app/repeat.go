package app

import (
	"fmt"
	"slices"

	"tacit/identity/session"
)

// isOther reports whether a message came under a number that something else had: no
// message of its name came before or, where it has none, it is not among the latest texts.
func (w *work) isOther(p *peer, c content) (bool, error) {
	switch c.Kind {
	case kindMessage:
		b, err := parse[messageBody](c.Body)
		if err != nil {
			return false, nil
		}
		known, err := w.knows(p, b.Ref)
		return !known, err
	case kindText:
	default:
		return false, nil // an empty content or a grant stands in the place of any that arrived
	}
	t, err := parse[textBody](c.Body)
	if err != nil || t.SentAt < 0 || t.SentAt >= lastSentAt { // the chat has another time
		return false, nil
	}
	if p.latest == nil {
		if p.latest, err = w.readLatest(p.rec.ID); err != nil {
			return false, err
		}
	}
	return p.latest.known[textDigest(t)] == 0, nil
}

// latestTexts is what a contact said last, as much as can be under way. It is read from
// the chat once, at the first repeat: whoever sends repeats must not have the chat read
// for each of them.
//
// The loop owns it. The copies of a peer share it: a batch that was undone leaves in it
// at most a text that comes again.
type latestTexts struct {
	ring  [maxSealed]Digest
	n     int // texts that were added
	known map[Digest]int
}

func (l *latestTexts) add(d Digest) {
	oldest := &l.ring[l.n%maxSealed]
	if l.n >= maxSealed {
		if l.known[*oldest]--; l.known[*oldest] == 0 {
			delete(l.known, *oldest)
		}
	}
	*oldest = d
	l.n++
	l.known[d]++
}

func (w *work) readLatest(c ContactID) (*latestTexts, error) {
	var found []Digest
	var before MessageID
	for range latestPages {
		ms, err := w.tx.Messages(c, before, MaxPage)
		if err != nil {
			return nil, fmt.Errorf("messages: %w", err)
		}
		for _, m := range ms {
			if before = m.ID; !m.Own && m.Ref.IsZero() && m.Notice == NoticeNone && !m.Unknown {
				found = append(found, textDigest(textBody{SentAt: m.SentAt.UnixMilli(), Text: m.Text}))
			}
		}
		if len(ms) < MaxPage || len(found) >= maxSealed {
			break
		}
	}
	l := &latestTexts{known: map[Digest]int{}}
	for _, d := range slices.Backward(found) {
		l.add(d)
	}
	return l, nil
}

func textDigest(t textBody) Digest { return session.Digest(encode(&t)) }
