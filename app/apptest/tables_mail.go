package apptest

import (
	"bytes"
	"slices"
	"time"

	"tacit/app"
)

// owed is a box of which its sender is to be told.
type owed struct {
	digest app.Digest
	seq    uint64 // of the receipt; 0: none was sealed
}

func (t *tx) Early(c app.ContactID, stream, seq uint64, limit int) (out []app.EarlyRecord, err error) {
	for _, e := range t.early[c] {
		if len(out) < limit && e.Stream == stream && e.Seq == seq {
			e.Box = bytes.Clone(e.Box)
			out = append(out, e)
		}
	}
	return out, nil
}

func (t *tx) EarlyCount(c app.ContactID) (int, error) { return len(t.early[c]), nil }

func (t *tx) AddEarly(r app.EarlyRecord) error {
	if _, err := get(t.contacts, r.Contact); err != nil {
		return err
	}
	if slices.ContainsFunc(t.early[r.Contact], func(e app.EarlyRecord) bool { return e.Digest == r.Digest }) {
		return nil
	}
	r.Box = bytes.Clone(r.Box)
	next := append(slices.Clone(t.early[r.Contact]), r)
	put(t, t.early, r.Contact, &next)
	return nil
}

func (t *tx) RemoveEarly(c app.ContactID, d app.Digest) error {
	t.keepEarly(c, func(e app.EarlyRecord) bool { return e.Digest != d })
	return nil
}

func (t *tx) RemoveEarlyUpTo(c app.ContactID, stream, seq uint64) error {
	t.keepEarly(c, func(e app.EarlyRecord) bool { return e.Stream != stream || e.Seq == 0 || e.Seq > seq })
	return nil
}

func (t *tx) ForgetEarly(before time.Time) error {
	for c := range t.early {
		t.keepEarly(c, func(e app.EarlyRecord) bool { return !e.At.Before(before) })
	}
	return nil
}

func (t *tx) keepEarly(c app.ContactID, keep func(app.EarlyRecord) bool) {
	next := slices.DeleteFunc(slices.Clone(t.early[c]), func(e app.EarlyRecord) bool { return !keep(e) })
	put(t, t.early, c, &next)
}

func (t *tx) Owed(c app.ContactID, seq uint64, limit int) (out []app.Digest, err error) {
	for _, o := range t.owed[c] {
		if len(out) < limit && o.seq == seq {
			out = append(out, o.digest)
		}
	}
	return out, nil
}

func (t *tx) AddOwed(c app.ContactID, d app.Digest) error {
	if _, err := get(t.contacts, c); err != nil {
		return err
	}
	if slices.ContainsFunc(t.owed[c], func(o owed) bool { return o.digest == d }) {
		return nil
	}
	next := append(slices.Clone(t.owed[c]), owed{digest: d})
	put(t, t.owed, c, &next)
	return nil
}

func (t *tx) SetOwed(c app.ContactID, seq uint64, ds ...app.Digest) error {
	next := slices.Clone(t.owed[c])
	for i := range next {
		if slices.Contains(ds, next[i].digest) {
			next[i].seq = seq
		}
	}
	put(t, t.owed, c, &next)
	return nil
}

func (t *tx) OweAgain(c app.ContactID) error {
	next := slices.Clone(t.owed[c])
	for i := range next {
		next[i].seq = 0
	}
	put(t, t.owed, c, &next)
	return nil
}

func (t *tx) RemoveOwed(c app.ContactID, ds ...app.Digest) error {
	next := slices.DeleteFunc(slices.Clone(t.owed[c]), func(o owed) bool { return slices.Contains(ds, o.digest) })
	put(t, t.owed, c, &next)
	return nil
}

func (t *tx) RemoveOwedUpTo(c app.ContactID, seq uint64) error {
	next := slices.DeleteFunc(slices.Clone(t.owed[c]), func(o owed) bool { return 0 < o.seq && o.seq <= seq })
	put(t, t.owed, c, &next)
	return nil
}

func (t *tx) ToDeposit(c app.ContactID, before time.Time, after uint64, limit int) (out []app.OutboxRecord, err error) {
	for _, r := range t.outbox[c] {
		if r.Seq > after && len(out) < limit && (r.HeldAt.IsZero() || r.HeldAt.Before(before)) {
			r.Box = bytes.Clone(r.Box)
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *tx) SetOutboxHeld(c app.ContactID, seq uint64, at time.Time) error {
	rows := slices.Clone(t.outbox[c])
	for i := range rows {
		if rows[i].Seq == seq {
			rows[i].HeldAt = at
		}
	}
	put(t, t.outbox, c, &rows)
	return nil
}

func (t *tx) UnholdOutbox(c app.ContactID) error {
	rows := slices.Clone(t.outbox[c])
	for i := range rows {
		rows[i].HeldAt = time.Time{}
	}
	put(t, t.outbox, c, &rows)
	return nil
}

func (t *tx) RemoveOutboxBare(c app.ContactID, seq, except uint64) (int, error) {
	rows := slices.DeleteFunc(slices.Clone(t.outbox[c]), func(r app.OutboxRecord) bool {
		return r.Seq <= seq && r.Seq != except && r.Message == 0 && r.Saying == 0
	})
	n := len(t.outbox[c]) - len(rows)
	put(t, t.outbox, c, &rows)
	return n, nil
}

var _ app.MailTx = (*tx)(nil)
